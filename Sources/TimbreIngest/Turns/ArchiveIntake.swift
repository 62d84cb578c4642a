import ContentHash
import FolderWatch
import LibraryFeed
import Platform
import SoundFeatures
import SystemPackage
import TimbreExtraction
import TimbreLibrary
import TimbreStore

/// Takes in what workers find in an archive: its members are files whose paths go on below the archive's.
struct ArchiveIntake {
    let turn: Turn
    /// The archive.
    let archive: FileRecord

    private var contents: ContentIntake { ContentIntake(turn: turn) }
    private var members: MemberIntake { MemberIntake(turn: turn, archive: archive) }

    private func update(_ body: (inout ArchiveProgress) -> Void) {
        body(&turn.state.archives[archive.id, default: ArchiveProgress()])
    }

    /// Some members have been told of.
    ///
    /// - Parameter isFirst: Whether the archive is gone through anew.
    func listed(_ members: [MemberReport], isFirst: Bool) throws {
        if isFirst { turn.state.archives[archive.id] = ArchiveProgress(identity: archive.identity) }
        let path = try turn.path(of: archive)
        guard let root = turn.state.folders.watched(around: path) else {
            // Nobody can say by which folder its members are judged: the reading does not count.
            turn.state.archives[archive.id] = nil
            return
        }
        for member in members {
            let place = FilePath(bytes: path.bytes + [UInt8(ascii: "/")] + member.path)
            if case .candidate = turn.state.folders.nested.filter.verdict(place, below: root) {
                try listed(member, at: place)
            }
        }
    }

    private func listed(_ member: MemberReport, at place: FilePath) throws {
        let directory = try turn.writer.directory(place.parent)
        let known = try turn.reader.file(place.nameBytes, in: directory)
        if let known, turn.state.archives[archive.id]?.seen.contains(known.id) ?? false {
            return update { $0.noteRepeated(member.path) }
        }
        let identity = FileIdentity(
            size: member.size, modified: member.modified, changed: 0, device: archive.identity.device,
            inode: archive.identity.inode)
        var file = try known ?? turn.writer.addFile(place.nameBytes, in: directory, identity: identity, at: turn.time)
        if known == nil {
            // An archive inside is not opened, so that it is a file like others.
            file.state = .pending
            try turn.tell(.found, file, at: place)
        }
        let before = file.identity
        (file.identity, file.tried) = (identity, turn.time)
        switch member.outcome {
        case .failed(let failure):
            let isNews = file.failure != failure || file.content != nil || file.isOffline || before != identity
            if isNews { try contents.reject(file, failure, content: nil) }
        case .hashed(let hash): try hashed(file, as: hash, member, was: before)
        }
        if let id = try turn.reader.file(place.nameBytes, in: directory)?.id { update { $0.seen.insert(id) } }
    }

    /// A member has a hash, and has not been decoded.
    private func hashed(
        _ file: FileRecord, as hash: ContentHash, _ member: MemberReport, was before: FileIdentity
    ) throws {
        let content = try turn.reader.content(hash)
        if let content, file.content == content.id, !file.state.isUnread {
            // It is what it was.
            guard file.isOffline || before != file.identity else { return }
            var same = file
            same.isOffline = false
            try turn.writer.update(same)
            if file.isOffline {
                turn.edit(.offline([file.id], false))
                try turn.tell(.back, same)
            }
        } else if let content {
            turn.state.recognizedCount += 1
            try contents.attach(file, content)
        } else {
            let holder = ArchiveProgress.Holder(file: file.id, identity: file.identity)
            update { $0.needs(hash, for: holder, number: member.number) }
        }
    }

    /// The archive has been gone through.
    ///
    /// - Parameters:
    ///   - failure: What is to be said of it as a whole, if anything.
    ///   - isListing: Whether it was for what is in it, and not for features.
    func ended(_ failure: ExtractionFailure?, isListing: Bool) throws {
        let progress = turn.state.archives[archive.id]
        guard isListing ? progress?.identity != nil : progress?.isListed ?? false else {
            // It was to be read anew since the worker began, so that only a part of what it said has been taken in.
            turn.state.archives[archive.id] = nil
            return turn.state.waiting.again(archive.id, mustDecode: true)
        }
        if isListing {
            update {
                ($0.isListed, $0.failure) = (true, failure)
                if $0.failure == nil, let words = $0.repeatedWords {
                    $0.failure = ExtractionFailure(.unsupported, words)
                }
            }
            let seen = turn.state.archives[archive.id]?.seen ?? []
            try turn.forgetMembers(of: try turn.path(of: archive)) { !seen.contains($0.id) }
        } else {
            // It was gone through once more, to its end or a fault: what has not come will not come.
            let missing = failure ?? ExtractionFailure(.damaged, "it was not found again in its archive")
            for hash in turn.state.archives[archive.id]?.asked ?? [] {
                try members.reject(hash, missing, isOfBytes: false)
            }
        }
        try goOn()
    }

    /// Has what nobody knows decoded, or ends the reading.
    func goOn() throws {
        if turn.state.archives[archive.id]?.unknown.isEmpty ?? true { return try finish() }
        turn.state.waiting.again(archive.id, mustDecode: true)
    }

    /// The members to decode next; the reading ends, or waits for that of another archive, if there are none.
    ///
    /// - Returns: Nil if no worker is to have the archive now.
    func wanted() throws -> Set<Int>? {
        var (wanted, asked): (Set<Int>, Set<ContentHash>) = ([], [])
        for (hash, holders) in turn.state.archives[archive.id]?.unknown ?? [:] {
            if let content = try turn.reader.content(hash) {
                // It has been found elsewhere meanwhile.
                try members.attach(hash, content)
            } else if turn.state.isDecoded(hash, by: archive.id) {
                wanted.insert(holders.number)
                asked.insert(hash)
            }
        }
        update { $0.asked = asked }
        if !wanted.isEmpty { return wanted }
        if turn.state.archives[archive.id]?.unknown.isEmpty ?? true {
            try finish()
        } else {
            turn.state.waiting.postpone(archive.id, until: turn.now + .milliseconds(200))
        }
        return nil
    }

    /// A worker died while it had the archive.
    ///
    /// - Parameter number: The member that it had begun to decode, if it had.
    func crashed(_ number: Int?, why reason: String) throws {
        if let number, try members.crashed(number, why: reason) {
            if turn.state.archives[archive.id]?.unknown.isEmpty ?? true { return try finish() }
            return turn.state.waiting.again(archive.id, mustDecode: true, hasCrashed: true)
        }
        if turn.state.waiting.entries[archive.id]?.crashes == 0 {
            return turn.state.waiting.again(archive.id, hasCrashed: true)
        }
        let isRemote = turn.mayHang(try turn.path(of: archive))
        try cannotBeRead(
            ExtractionFailure(
                isRemote ? .unreadable : .crashed, isRemote ? "\(reason), or its folder did not answer" : reason))
    }

    /// The archive gives nothing: what was known of its members is not there any more.
    func cannotBeRead(_ failure: ExtractionFailure) throws {
        try turn.forgetMembers(of: try turn.path(of: archive)) { _ in true }
        turn.state.archives[archive.id] = ArchiveProgress()
        update { $0.failure = failure }
        try finish()
    }

    /// The reading has ended.
    private func finish() throws {
        var next = archive
        next.failure = turn.state.archives[archive.id]?.failure
        next.state = next.failure.map { $0.reason == .outOfLimits ? .skipped : .failed } ?? .opened
        (next.isOffline, next.content, next.tried, next.tries) = (false, nil, turn.time, 1)
        if let failure = next.failure {
            if !archive.state.isListed {
                var found = next
                (found.state, found.failure) = (.pending, nil)
                try turn.tell(.found, found)
            }
            try turn.writer.update(next)
            turn.note(.failed(try turn.path(of: archive), failure))
            try turn.tell(next.state == .skipped ? .skipped : .failed, next)
        } else {
            if archive.state.isListed { try turn.tell(.removed, archive) }
            try turn.writer.update(next)
        }
        try turn.finish(archive.id)
    }
}

extension ArchiveProgress {
    /// What is to be said of names that occur again; nil if there are none.
    fileprivate var repeatedWords: String? {
        guard repeated.count > 0 else { return nil }
        let name = String(escaping: Array(repeated.first.prefix(200)), for: .line)
        return repeated.count == 1
            ? "it has two members of the name \(name): the first one counts"
            : "it has \(repeated.count) members whose names came before, such as \(name): the first one of each counts"
    }
}
