import Varlink

/// Gives all that is known below a folder the path of another, to which its files have been moved or copied.
package enum Rebase: LibraryMethod {
    package static let access = Access.change

    package struct Parameters: Codable, Hashable, Sendable {
        /// Where the files were; absolute.
        package var old: WirePath
        /// Where they are; absolute.
        package var new: WirePath
        /// Only tell what would be done.
        @FalseIfAbsent package var dryRun: Bool

        package init(old: WirePath, new: WirePath, dryRun: Bool = false) {
            self.old = old
            self.new = new
            self.dryRun = dryRun
        }

        private enum CodingKeys: String, CodingKey {
            case old, new
            case dryRun = "dry_run"
        }
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// Whether it is done: false after a dry run.
        package var rebased: Bool
        /// Where the files are, without symbolic links.
        package var new: WirePath
        /// Files that have the new path.
        package var files: Int
        /// Those of them that are not there.
        package var missing: Int
        /// The first of these, by their new paths, at most 100.
        package var examples: [WirePath]
        /// True if nothing is known of the old path, and all of the new one already: there was nothing to do.
        package var already: Bool?

        package init(
            rebased: Bool, new: WirePath, files: Int, missing: Int, examples: [WirePath], already: Bool? = nil
        ) {
            self.rebased = rebased
            self.new = new
            self.files = files
            self.missing = missing
            self.examples = examples
            self.already = already
        }
    }

    package static func check(_ parameters: Parameters) throws(VarlinkError) {
        guard parameters.old.bytes.first == UInt8(ascii: "/") else { throw .invalidParameter("old") }
        guard parameters.new.bytes.first == UInt8(ascii: "/") else { throw .invalidParameter("new") }
    }
}
