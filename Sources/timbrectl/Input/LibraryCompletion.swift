import ArgumentParser
import LocalFiles
import Platform
import SystemPackage
import TimbreWire
import Varlink

/// What a shell offers for arguments that only the daemon knows: the numbers of models, and folders.
///
/// A completion says nothing of what goes wrong: there is nobody to tell, in the middle of a line.
enum LibraryCompletion {
    /// The numbers of the library's models, newest first.
    static let models = CompletionKind.custom { words, _, _ in
        answer(words, ListModels.self)?.models.map { "\($0.id)" } ?? []
    }

    /// The watched folders.
    static let folders = CompletionKind.custom { words, _, _ in folders(words) { _ in true } }

    /// Those that were added at run time, and can be removed.
    static let addedFolders = CompletionKind.custom { words, _, _ in folders(words) { $0.origin != .config } }

    /// Those that are not there now.
    static let offlineFolders = CompletionKind.custom { words, _, _ in folders(words) { $0.mode == .offline } }

    /// A name that is no text cannot be typed, and is not offered.
    private static func folders(_ words: [String], where isMeant: (Folder) -> Bool) -> [String] {
        (answer(words, ListFolders.self)?.folders ?? []).filter { isMeant($0) && $0.path.isText }.map(\.path.shown)
    }

    /// What the daemon says; nil if none answers in time: a shell waits for it.
    private static func answer<Method: LibraryMethod>(_ words: [String], _: Method.Type) -> Method.Reply?
    where Method.Parameters == Nothing {
        let path = LibrarySocket.path(named: socket(in: words).map { FilePath($0) })
        let result = Probe.answer(within: .patience) {
            Result {
                var client = try VarlinkClient(connectingTo: path)
                return try client.call(Method.self, Nothing())
            }
        }
        guard case .success(let reply) = result else { return nil }
        return reply
    }

    /// The socket that the line names.
    private static func socket(in words: [String]) -> String? {
        if let own = words.last(where: { $0.hasPrefix("--socket=") }) { return String(own.dropFirst(9)) }
        guard let place = words.lastIndex(of: "--socket"), place + 1 < words.count else { return nil }
        return words[place + 1]
    }
}
