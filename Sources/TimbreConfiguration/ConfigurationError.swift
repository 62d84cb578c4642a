import Platform
import SystemPackage

/// What is wrong with the configuration, and where.
///
/// Its description is one line, such as
/// `/etc/timbred/timbred.toml:3: settle: "fast" is not a duration; write for example "250ms"`.
package struct ConfigurationError: Error, Hashable, CustomStringConvertible {
    /// The file in question.
    package var file: FilePath
    /// The line in the file, from 1, if it is known.
    package var line: Int?
    /// The key in question, with the table it lies in, as in `retrain.seed`.
    package var key: String?
    /// What is wrong, and what would be right.
    package var problem: String

    package init(file: FilePath, line: Int? = nil, key: String? = nil, problem: String) {
        self.file = file
        self.line = line
        self.key = key
        self.problem = problem
    }

    package var description: String {
        var place = file.string
        if let line { place += ":\(line)" }
        return [place, key, problem].compactMap { $0 }.joined(separator: ": ").escaped(for: .line)
    }
}
