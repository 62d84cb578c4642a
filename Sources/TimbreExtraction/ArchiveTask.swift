import ContentHash
import Platform
import SoundFeatures

/// What is asked about an archive, beside ``ExtractionRequest/work``.
package struct ArchiveTask: Hashable, Sendable {
    package var limits: ArchiveLimits
    /// The extensions of the names of sounds, in lower case and without a dot; members of other names are passed over.
    package var extensions: [FileSuffix]
    /// The numbers of the members that are wanted, where features are.
    package var wanted: Set<Int>
    /// The number of the first member that is told of, where tags are.
    package var first: Int
    /// The path of the member whose bytes are wanted.
    package var member: [UInt8]

    package init(
        limits: ArchiveLimits = ArchiveLimits(), extensions: [FileSuffix] = [], wanted: Set<Int> = [],
        first: Int = 0, member: [UInt8] = []
    ) {
        self.limits = limits
        self.extensions = extensions
        self.wanted = wanted
        self.first = first
        self.member = member
    }

    /// Extensions at the most.
    private static let mostExtensions = 512
    /// Bytes in a packet at the most: of the numbers, a bit for each member that there may be.
    static let longestPacket =
        4 * 8 + 4 + mostExtensions * (4 + FileSuffix.longest) + 4 + ArchiveLimits.members.upperBound / 8 + 4 + 4 + 4096

    func put(into writer: inout PacketWriter) {
        for number in [Int64(limits.mostMembers), limits.largestMember, limits.mostBytes, Int64(limits.mostRatio)] {
            writer.put(UInt64(number))
        }
        writer.put(UInt32(extensions.count))
        for suffix in extensions { writer.put(Array(suffix.text.utf8)) }
        var bits = [UInt8](repeating: 0, count: (wanted.max() ?? -1) / 8 + 1)
        for number in wanted { bits[number / 8] |= 1 << (number % 8) }
        writer.put(wanted.isEmpty ? [] : bits)
        writer.put(UInt32(first))
        writer.put(member)
    }

    init(_ reader: inout PacketReader) throws(ExtractionProtocolError) {
        var numbers: [Int64] = []
        for _ in 0..<4 {
            guard let number = Int64(exactly: try reader.take(UInt64.self)), number > 0 else {
                throw ExtractionProtocolError()
            }
            numbers.append(number)
        }
        limits = ArchiveLimits()
        (limits.mostMembers, limits.largestMember) = (Int(numbers[0]), numbers[1])
        (limits.mostBytes, limits.mostRatio) = (numbers[2], Int(numbers[3]))
        guard ArchiveLimits.members.contains(limits.mostMembers), limits.largestMember <= ArchiveLimits.sizes.upperBound
        else { throw ExtractionProtocolError() }
        extensions = []
        let count = try reader.take(UInt32.self)
        guard count <= Self.mostExtensions else { throw ExtractionProtocolError() }
        for _ in 0..<count { extensions.append(FileSuffix(try reader.takeBytes())) }
        wanted = []
        for (place, byte) in try reader.takeBytes().enumerated() where byte != 0 {
            for bit in 0..<8 where byte & 1 << bit != 0 { wanted.insert(8 * place + bit) }
        }
        first = Int(try reader.take(UInt32.self))
        member = try reader.takeBytes()
    }
}

/// What a worker says of a member of an archive.
package struct MemberReport: Hashable, Sendable {
    /// What came of reading it.
    package enum Outcome: Hashable, Sendable {
        case hashed(ContentHash)
        case failed(ExtractionFailure)
    }

    /// Which of the archive's members it is, from 0.
    package var number: Int
    /// Its path below the archive: no empty names in it, no `.` and no `..`.
    package var path: [UInt8]
    /// Bytes in it.
    package var size: Int64
    /// When it was last written, in nanoseconds since 1970; 0 if that is not known.
    package var modified: Int64
    package var outcome: Outcome

    package init(number: Int, path: [UInt8], size: Int64, modified: Int64, outcome: Outcome) {
        (self.number, self.path, self.size, self.modified) = (number, path, size, modified)
        self.outcome = outcome
    }
}

extension PacketWriter {
    mutating func put(_ member: MemberReport) {
        put(UInt32(member.number))
        put(member.path)
        put(UInt64(member.size))
        put(UInt64(bitPattern: member.modified))
        switch member.outcome {
        case .hashed(let hash): put(hash.bytes)
        case .failed(let failure):
            put([])
            put(failure)
        }
    }

    /// A failure: its reason, and its text with the length before it.
    mutating func put(_ failure: ExtractionFailure) {
        put(failure.reason.rawValue)
        put(Array(failure.detail.utf8.prefix(ExtractionReply.longestText)))
    }
}

extension PacketReader {
    mutating func takeMember() throws(ExtractionProtocolError) -> MemberReport {
        let (number, path) = (Int(try take(UInt32.self)), try takeBytes())
        // A worker that is not its own master any more must not be able to name what lies outside of the archive.
        guard number < ArchiveLimits.members.upperBound, ArchiveNames.path(ofMember: path) == path,
            let size = Int64(exactly: try take(UInt64.self))
        else { throw ExtractionProtocolError() }
        let modified = Int64(bitPattern: try take(UInt64.self))
        let bytes = try takeBytes()
        if bytes.isEmpty {
            let failure = try takeFailure()
            return MemberReport(number: number, path: path, size: size, modified: modified, outcome: .failed(failure))
        }
        guard let hash = ContentHash(bytes: bytes) else { throw ExtractionProtocolError() }
        return MemberReport(number: number, path: path, size: size, modified: modified, outcome: .hashed(hash))
    }

    mutating func takeFailure() throws(ExtractionProtocolError) -> ExtractionFailure {
        guard let reason = ExtractionFailure.Reason(rawValue: try take(UInt8.self)) else {
            throw ExtractionProtocolError()
        }
        return ExtractionFailure(reason, try takeLine())
    }
}
