import ContentHash
import Platform
import SoundFeatures

/// How far the reading of an archive is: it is gone through twice, once for what is in it, and once for the features of what
/// nobody knows.
///
/// None of it is on disk. An archive whose reading was interrupted is listed again, and what was learnt is known then.
struct ArchiveProgress {
    /// Members of one content that nobody knows yet.
    struct Unknown {
        /// The first of them in the archive, by which it is asked for.
        var number: Int
        var holders: [Holder] = []
        /// Workers that died of it.
        var crashes = 0
    }

    /// A member as it was told of.
    struct Holder {
        var file: Int64
        var identity: FileIdentity
    }

    /// The archive as it was when it was gone through for what is in it.
    var identity: FileIdentity?
    /// Whether all members have been told of.
    var isListed = false
    /// The files that are its members, as far as they have been told of.
    var seen: Set<Int64> = []
    private(set) var unknown: [ContentHash: Unknown] = [:]
    /// Members of such contents.
    private(set) var waitingCount = 0
    /// Those of them that a worker is to decode now.
    var asked: Set<ContentHash> = []
    /// Names under which another member had come before.
    private(set) var repeated = (count: 0, first: [UInt8]())
    /// What is wrong with the archive as a whole.
    var failure: ExtractionFailure?

    mutating func needs(_ hash: ContentHash, for holder: Holder, number: Int) {
        unknown[hash, default: Unknown(number: number)].holders.append(holder)
        waitingCount += 1
    }

    mutating func noteRepeated(_ path: [UInt8]) {
        if repeated.count == 0 { repeated.first = path }
        repeated.count += 1
    }

    /// Takes out the members of a content, about which nothing more is to be found out.
    mutating func settle(_ hash: ContentHash) -> [Holder] {
        asked.remove(hash)
        let holders = unknown.removeValue(forKey: hash)?.holders ?? []
        waitingCount -= holders.count
        return holders
    }

    /// The content of a member that is decoded.
    ///
    /// - Complexity: O(*n*) in the contents that nobody knows.
    func hash(ofMember number: Int) -> ContentHash? { unknown.first { $0.value.number == number }?.key }

    /// Notes that a worker died of a content.
    ///
    /// - Returns: How many have.
    mutating func crashed(_ hash: ContentHash) -> Int {
        unknown[hash]?.crashes += 1
        return unknown[hash]?.crashes ?? 0
    }
}
