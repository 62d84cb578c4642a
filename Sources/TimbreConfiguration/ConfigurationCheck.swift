import Platform
import SystemPackage

/// What is wrong with a configuration file: all of it, and what may be meant but is likely not to work.
package struct ConfigurationCheck: Sendable, Equatable {
    /// What keeps the service from starting, in the order of the file. Where it is not TOML any more, reading ends.
    package private(set) var mistakes: [ConfigurationError] = []
    /// Patterns that hardly anybody means, and folders that are not there, which is all right for a drive that is away.
    package private(set) var warnings: [ConfigurationError] = []

    /// Reads the file as ``Configuration/load(from:mustExist:home:)`` does, and looks at the folders that it names.
    ///
    /// A folder on a server that does not answer may keep the caller waiting.
    package init(of file: FilePath?, mustExist: Bool, home: FilePath?) {
        let text: String?
        do throws(ConfigurationError) {
            text = try file.flatMap { file throws(ConfigurationError) in
                try Configuration.text(of: file, mustExist: mustExist)
            }
        } catch {
            mistakes = [error]
            return
        }
        guard let file, let text else { return }
        let outcome = ConfigurationReader(text: text, file: file, home: home).readAll()
        (mistakes, warnings) = (outcome.mistakes, outcome.doubts)
        for folder in outcome.folders ?? [] {
            guard let problem = Self.problem(with: folder.value) else { continue }
            warnings.append(ConfigurationError(file: file, line: folder.line, key: "watch", problem: problem))
        }
    }

    private static func problem(with folder: FilePath) -> String? {
        do throws(Errno) {
            guard try FileStatus(of: folder, following: true).kind == .directory else {
                return "\(folder) is no folder"
            }
            return nil
        } catch .noSuchFileOrDirectory {
            return "\(folder) does not exist; it is offline until it does"
        } catch {
            return "\(folder): \(error)"
        }
    }
}
