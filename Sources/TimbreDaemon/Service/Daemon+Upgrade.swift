import ContentHash
import Logging
import Systemd
import TimbreCoding
import TimbreLibrary
import TimbreWire

extension Daemon {
    /// Puts the default model of this version to use where the library has that of an earlier one: in the background,
    /// while the old one answers.
    func adoptNewerDefault() {
        do {
            guard
                let model = try LibraryOpening(catalog: catalog).newerDefault(
                    than: library.snapshot.generation)
            else { return }
            let adopt = { @Sendable [retrainer, logger = settings.logger] in
                do {
                    try retrainer.adopt(model)
                    logger.log(
                        .modelSwapped, "the default model of this version, \(model.identifier), is in use",
                        metadata: ["model": "\(model.identifier)"])
                } catch LibraryError.stopping {
                    // The next start goes on with it.
                } catch {
                    Self.report(error, logger)
                }
            }
            try settings.background(adopt)
        } catch {
            Self.report(error, settings.logger)
        }
    }

    private static func report(_ error: any Error, _ logger: Logger) {
        logger.error(
            "the default model of this version is not in use, the next start tries again: \(error)",
            metadata: ["event": "upgrade-failed"])
    }
}
