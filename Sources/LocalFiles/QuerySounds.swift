import CommandOutput
import Platform
import SoundFeatures
import SystemPackage
import TimbreWire

/// The sounds to search by.
///
/// The daemon is told each file's name. If the library does not have it, its features are extracted here and sent instead:
/// the daemon opens no file that a client names.
package struct QuerySounds {
    private var wanted: [FilePath]
    private var unwanted: [FilePath]
    private var extracted: [WirePath: QuerySound] = [:]
    /// What is asked for if the daemon has never heard of a file, or has forgotten it.
    private var kept: [WirePath: QuerySound] = [:]
    private var names: [FilePath: WirePath] = [:]
    /// Is handed each sound from outside while it is open, with the name by which it is asked for.
    package var whenOpened: ((borrowing OutsideSound, WirePath) -> Void)?

    package init(wanted: [FilePath], unwanted: [FilePath]) {
        self.wanted = wanted
        self.unwanted = unwanted
    }

    /// Searches, again whenever the daemon names a file that it does not know.
    ///
    /// - Parameter what: The verb, for errors.
    package mutating func search<Reply>(
        what: String = "similar", _ ask: ([QuerySound], [QuerySound]) throws -> Reply
    ) throws -> Reply {
        for path in wanted + unwanted where names[path] == nil {
            if path == "-" {
                let sound = try OutsideSound(copyingInput: ())
                try extract(sound, as: path, named: WirePath("standard input".utf8))
            } else if OutsideSound.isPipe(path) {
                let sound = try OutsideSound(copyingPipe: path)
                try extract(sound, as: path, named: WirePath(path))
            } else {
                names[path] = try WirePath(naming: path)
            }
        }
        while true {
            do {
                fitBands()
                return try ask(try wanted.map(query), try unwanted.map(query))
            } catch LibraryError.notIndexed(let path, nil, let reason) {
                guard extracted[path] == nil, names.values.contains(path) else {
                    throw Failure(.internalError, what: path.shown, why: reason)
                }
                if let known = kept[path] {
                    extracted[path] = known
                    continue
                }
                let sound = try Self.open(path, for: what)
                extracted[path] = try sound.query(named: path)
                whenOpened?(sound, path)
            } catch { throw Failure(error, what: what) }
        }
    }

    /// Opens what the library does not have.
    private static func open(_ path: WirePath, for verb: String) throws(Failure) -> OutsideSound {
        // This verb takes folders, of which the library has something.
        if verb == "similar", OutsideSound.isFolder(FilePath(bytes: path.bytes)) {
            throw Failure(
                .noSuchFile, what: path.shown, why: "the library has no sound of this folder",
                next: "see `timbrectl watch list`")
        }
        return try OutsideSound(opening: path, for: verb)
    }

    /// Remembers what the sounds are, as far as they can be read here, for who asks again after they may have gone.
    package mutating func keep() throws(Failure) {
        for path in wanted + unwanted where path != "-" && !OutsideSound.isPipe(path) {
            let name = try WirePath(naming: path)
            // What only the daemon may read, or only it has, it is asked for by name.
            do { kept[name] = try OutsideSound(opening: name, for: "follow").query(named: name) } catch {}
        }
    }

    /// Extracts the features of what can be read only once, and has no name that the daemon could know.
    private mutating func extract(
        _ sound: borrowing OutsideSound, as path: FilePath, named name: WirePath
    ) throws(Failure) {
        names[path] = WirePath(path)
        extracted[WirePath(path)] = try sound.query(named: name)
        whenOpened?(sound, name)
    }

    /// Leaves out the bands of all extracted sounds if they would make the message too long: the sounds are then searched
    /// for by their codes.
    private mutating func fitBands() {
        guard extracted.values.reduce(0, { $0 + $1.bandBytes }) > Self.mostBandBytes else { return }
        extracted = extracted.mapValues(\.withoutBands)
    }

    /// About an hour of sound.
    private static let mostBandBytes = 160_000 * FeatureFrames.bandStride

    private func query(_ path: FilePath) throws -> QuerySound {
        guard let name = names[path] else { preconditionFailure("every path has been resolved") }
        return extracted[name] ?? QuerySound(.file(name))
    }
}

extension QuerySound {
    fileprivate var bandBytes: Int {
        guard case .features(let features, _) = source else { return 0 }
        return (features.bands?.bytes.count ?? 0) + (features.trimmedBands?.bytes.count ?? 0)
    }

    fileprivate var withoutBands: QuerySound {
        guard case .features(var features, let path) = source else { return self }
        (features.bands, features.trimmedBands, features.shiftedBands) = (nil, nil, nil)
        return QuerySound(.features(features, path: path))
    }
}
