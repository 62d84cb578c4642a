import Glibc
import Platform
import SystemPackage
import TimbreCoding

/// The model that is shipped with the program, in use until the library has one of its own.
package enum DefaultModel {
    private static let name = "timbre-model.json"

    /// Reads it from where `TIMBRED_MODEL` says, where it was installed or, in a checkout, from `Config`.
    ///
    /// - Throws: ``StartError`` that names the file.
    package static func load() throws(StartError) -> TimbreModel {
        let places = places()
        for place in places {
            let bytes: [UInt8]
            do {
                bytes = try place.contents()
            } catch Errno.noSuchFileOrDirectory, Errno.notDirectory {
                continue
            } catch {
                throw StartError("\(place): the model cannot be read: \(error)")
            }
            do throws(TimbreModelError) { return try TimbreModel(json: bytes) } catch {
                throw StartError("\(place): \(error); install timbred again, or name another model in TIMBRED_MODEL")
            }
        }
        throw StartError(
            "no model found at \(places.map(\.string).joined(separator: " or ")); install timbred again, "
                + "or name a model in TIMBRED_MODEL")
    }

    private static func places() -> [FilePath] {
        if let named = unsafe getenv("TIMBRED_MODEL") { return [unsafe FilePath(platformString: named)] }
        let directory = FilePath("/proc/self/exe").resolved.removingLastComponent()
        var places = [directory.removingLastComponent().pushing("share/timbred").appending(name)]
        var checkout = directory
        for _ in 0..<4 {
            places.append(checkout.appending("Config").appending(name))
            checkout.removeLastComponent()
        }
        return places
    }
}

/// Why the daemon cannot start, in one line that names the thing and says what to do.
package struct StartError: Error, Hashable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}
