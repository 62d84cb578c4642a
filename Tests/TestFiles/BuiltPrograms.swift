import SystemPackage

/// The programs that are built beside the tests' bundle.
package enum BuiltPrograms {
    /// The folder that they lie in.
    package static let folder: FilePath = {
        let arguments = CommandLine.arguments
        let flag = arguments.firstIndex(of: "--test-bundle-path")
        let bundle = flag.map { arguments[$0 + 1] } ?? arguments[0]
        return FilePath(bundle).removingLastComponent()
    }()

    package static var extractor: FilePath { folder.appending("timbre-extract") }
}
