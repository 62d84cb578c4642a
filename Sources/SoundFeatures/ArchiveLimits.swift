/// How much of an archive is unpacked: what is beyond is left out, with the reason.
package struct ArchiveLimits: Hashable, Sendable {
    /// Members, of whatever kind.
    package var mostMembers = 50_000
    /// Bytes of a single member: so much memory a worker may take for one.
    package var largestMember: Int64 = 256 << 20
    /// Bytes of all members together.
    package var mostBytes: Int64 = 64 << 30
    /// How many times its own size an archive may unpack to, behind the first ``alwaysUnpacked``.
    package var mostRatio = 200

    package init() {}

    /// The ranges in which they may lie.
    package static let members = 1...200_000
    package static let memberSizes = 1 << 20...1 << 30
    package static let sizes = 1 << 20...1 << 50
    package static let ratios = 2...1_000_000

    /// Bytes that are unpacked whatever the ratio: a few seconds of silence are packed very small.
    package static let alwaysUnpacked: Int64 = 64 << 20
}
