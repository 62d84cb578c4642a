/// How much of an archive is unpacked: what is beyond is left out, with the reason.
package struct ArchiveLimits: Hashable, Sendable {
    /// Members, of whatever kind.
    package var mostMembers = 50_000
    /// Bytes of a single member: so much memory a worker may take for one.
    package var largestMember: Int64 = 128 << 20
    /// Bytes of all members together.
    package var mostBytes: Int64 = 64 << 30
    /// How many times its own size an archive may unpack to, behind the first ``alwaysUnpacked``.
    package var mostRatio = 200

    package init() {}

    /// Workers that may have a member in memory at a time: together they take no more than a gigabyte.
    package var mostUnpacking: Int { max(1, Int((1 << 30) / largestMember)) }

    /// Those of a member that somebody asks for by its name, and takes piece by piece.
    package static let ofSingleMember: ArchiveLimits = {
        var limits = ArchiveLimits()
        (limits.mostMembers, limits.mostRatio) = (members.upperBound, ratios.upperBound)
        (limits.largestMember, limits.mostBytes) = (sizes.upperBound, sizes.upperBound)
        return limits
    }()

    /// The ranges in which they may lie.
    package static let members = 1...200_000
    package static let memberSizes: ClosedRange<Int64> = 1 << 20...1 << 30
    package static let sizes: ClosedRange<Int64> = 1 << 20...1 << 50
    package static let ratios = 2...1_000_000

    /// Bytes that are unpacked whatever the ratio: a few seconds of silence are packed very small.
    package static let alwaysUnpacked: Int64 = 64 << 20
}
