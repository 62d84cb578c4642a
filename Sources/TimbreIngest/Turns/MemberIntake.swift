import ContentHash
import Platform
import SoundFeatures
import SystemPackage
import TimbreLibrary
import TimbreStore

/// Decides what becomes of the members of an archive of which a worker has decoded one, for all that hold the same bytes.
struct MemberIntake {
    let turn: Turn
    /// The archive.
    let archive: FileRecord

    private var contents: ContentIntake { ContentIntake(turn: turn) }
    private var progress: ArchiveProgress? { turn.state.archives[archive.id] }

    private func update<Result>(_ body: (inout ArchiveProgress) -> Result) -> Result {
        body(&turn.state.archives[archive.id, default: ArchiveProgress()])
    }

    /// A member has been decoded, or cannot be.
    func decoded(_ number: Int, _ result: WorkerOutcome.Result) throws {
        switch result {
        case .extracted(let extraction):
            turn.state.decodedCount += 1
            let first = try progress?.unknown[extraction.content]?.holders.first.flatMap { try file(of: $0) }
            let kept = try contents.keep(extraction, path: try first.map { try turn.path(of: $0).bytes } ?? [])
            try attach(extraction.content, kept.content, code: kept.code)
        case .failed(let failure, let hash?): try reject(hash, failure, isOfBytes: true)
        case .failed(let failure, nil):
            if let hash = progress?.hash(ofMember: number) { try reject(hash, failure, isOfBytes: false) }
        default: break
        }
    }

    /// Takes the members of a content out of what waits.
    private func settle(_ hash: ContentHash) -> [ArchiveProgress.Holder] {
        let holders = update { $0.settle(hash) }
        turn.state.waiting.finishMembers(holders.count)
        return holders
    }

    /// Gives a content to the members that hold it.
    func attach(_ hash: ContentHash, _ content: ContentRecord, code: CodeRecord? = nil) throws {
        for case let file? in try settle(hash).map(file) {
            try contents.attach(file, content, code: code)
            try follow(file)
        }
    }

    /// Records that the members of a content cannot be indexed, and why.
    ///
    /// - Parameter isOfBytes: Whether the failure is one of a decoder.
    func reject(_ hash: ContentHash, _ failure: ExtractionFailure, isOfBytes: Bool) throws {
        var content = try turn.reader.content(hash)
        for case let file? in try settle(hash).map(file) {
            if content == nil, isOfBytes, failure.isForGood {
                let id = try turn.writer.addFailedContent(
                    hash, size: file.identity.size, failure: failure, path: try turn.path(of: file).bytes,
                    at: turn.time)
                content = try turn.reader.content(id)
            }
            if let content {
                try contents.attach(file, content)
                try follow(file)
            } else {
                try contents.reject(file, failure, content: nil)
            }
        }
    }

    /// A member as the catalog knows it, and as it is in the archive now; nil if it has gone meanwhile.
    private func file(of holder: ArchiveProgress.Holder) throws -> FileRecord? {
        guard var file = try turn.reader.file(holder.file) else { return nil }
        (file.identity, file.tried) = (holder.identity, turn.time)
        return file
    }

    /// A member whose sound is another now has another number.
    private func follow(_ file: FileRecord) throws {
        guard try turn.reader.file(file.id) == nil, let next = try turn.reader.file(file.name, in: file.directory)
        else { return }
        update { _ = $0.seen.insert(next.id) }
    }

    /// A worker died of a member.
    ///
    /// - Returns: False if it is none that was to be decoded.
    func crashed(_ number: Int, why reason: String) throws -> Bool {
        guard let hash = progress?.hash(ofMember: number) else { return false }
        // Once may be chance; twice is the member.
        if update({ $0.crashed(hash) }) > 1 {
            try reject(hash, ExtractionFailure(.crashed, reason), isOfBytes: false)
        }
        return true
    }
}

extension ExtractionFailure {
    /// Whether the same bytes would fail in the same way again.
    fileprivate var isForGood: Bool {
        switch reason {
        case .unknownFormat, .unsupported, .damaged, .empty: true
        case .outOfLimits, .unreadable, .crashed: false
        }
    }
}
