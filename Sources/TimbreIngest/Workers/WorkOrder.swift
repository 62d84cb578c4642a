import FolderWatch
import Platform
import SoundFeatures
import TimbreExtraction

/// What a worker is asked about a file, and how long it may take.
struct WorkOrder {
    let request: ExtractionRequest
    /// How long the worker may have the file, once it has begun with it.
    let deadline: Duration
    /// Bytes that it reads before it comes to the file behind this one.
    var size: Int64 = 0
    /// Whether reading the file may hang.
    var mayHang = false
    /// Whether the file goes to a new worker with no other: then whatever the worker does is this file's doing.
    var isAlone = false
    /// What is asked about it, if it is an archive.
    var archive: ArchiveStep?

    var file: Int64 { Int64(bitPattern: request.id) }
    /// The most frames that a sound of the allowed length has.
    var mostFrames: Int { FeatureFrames.most(inSeconds: request.longest) }
    /// Whether it asks for a file's own tags, and nothing else.
    var isForOwnTags: Bool { request.work == .tags }
    /// Whether nothing is lost if the worker is ended in the middle of it: it is done anew.
    var mayBeCutOff: Bool {
        switch archive {
        case .list, .tags: true
        case .decode: false
        case nil: isForOwnTags
        }
    }

    /// Asks for what is heard in a file.
    static func sound(
        of item: WorkItem, in file: OpenedFile, _ question: Questions.Question, _ settings: IngestSettings
    ) -> WorkOrder {
        let request = ExtractionRequest(
            id: UInt64(bitPattern: item.file), work: question.work, longest: settings.longest.inSeconds,
            suffix: FileSuffix(of: item.path), audio: item.audio, known: question.known)
        return WorkOrder(
            request: request, deadline: file.identity.deadline, size: file.identity.size, mayHang: file.opener != nil,
            isAlone: item.hasCrashed)
    }

    /// Asks for a file's tags, and nothing else.
    static func tags(of item: WorkItem, in file: OpenedFile) -> WorkOrder {
        WorkOrder(
            request: ExtractionRequest(id: UInt64(bitPattern: item.file), work: .tags, longest: 0),
            deadline: file.identity.deadline, mayHang: file.opener != nil)
    }

    /// Asks about an archive. The worker tells how far it is, so that the deadline is for what it does without a word.
    static func archive(
        _ step: ArchiveStep, of item: WorkItem, in file: OpenedFile, _ settings: IngestSettings
    ) -> WorkOrder {
        var task = ArchiveTask(limits: settings.archives)
        let work: ExtractionRequest.Work
        var longest = ExtractionRequest.longestSeconds(forSize: settings.archives.largestMember)
        switch step {
        case .list:
            work = .members
            task.extensions = settings.filter.soundExtensions.map(FileSuffix.init).filter { $0 != .none }
            longest = ExtractionRequest.longestSeconds(forSize: 0)
        case .decode(let wanted): (work, task.wanted) = (.memberFeatures, wanted)
        case .tags(let extensions, let first):
            (work, task.extensions, task.first) = (.memberTags, Array(extensions), first)
        }
        let request = ExtractionRequest(
            id: UInt64(bitPattern: item.file), work: work, longest: settings.longest.inSeconds, archive: task)
        return WorkOrder(
            request: request, deadline: .seconds(longest), size: file.identity.size, mayHang: file.opener != nil,
            isAlone: item.hasCrashed, archive: step)
    }
}
