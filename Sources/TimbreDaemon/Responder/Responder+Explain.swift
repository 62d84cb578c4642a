import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

extension Responder {
    package func explain(_ parameters: Explain.Parameters, from peer: Peer) throws -> Explain.Reply {
        let snapshot = library.snapshot
        let (a, b) = (try hear(parameters.a, snapshot), try hear(parameters.b, snapshot))
        return try catalog.read { try Explanation(snapshot: snapshot, a: a, b: b).reply($0) }
    }

    /// Takes a sound of a request, frame by frame.
    private func hear(_ sound: QuerySound, _ snapshot: LibrarySnapshot) throws -> HeardSound {
        switch sound.source {
        case .file(let path):
            let (file, indexed) = try searchable(path, in: snapshot)
            return try catalog.read { try HeardSound(file, indexed, path: path, snapshot.generation, $0) }
        case .features(let features, let path):
            return HeardSound(features, path: path, snapshot.generation)
        case .code: preconditionFailure("nobody has heard a code")
        }
    }
}
