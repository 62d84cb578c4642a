/// Which release of timbred this is; the same for all of its programs.
package enum Release {
    /// As `--version` and `status` show it.
    package static let version = "0.1.0"
}
