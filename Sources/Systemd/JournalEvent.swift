import Logging

/// Events of the daemon that programs may look for in the journal.
///
/// Each event has a message id that stays the same for ever: `journalctl MESSAGE_ID=…` finds its entries, and
/// `journalctl -x` explains them from the catalog that is installed with the units.
package enum JournalEvent: String, CaseIterable, Sendable {
    /// The daemon is ready to answer.
    case started = "47eaa0992cb6416d86dc283cf0480ff9"
    /// The daemon ends as it was asked to.
    case stopped = "1509bb0a9bf143318a118783593942a4"
    /// A changed configuration is in force.
    case reloaded = "f5ec52ed0108447592e1bc7656670b14"
    /// A changed configuration was refused; the previous one stays in force.
    case reloadFailed = "59ba1b0d5c904158a909406c2e416788"
    /// Files were indexed; one entry for many files.
    case indexed = "5d32fe61985f44e7aa095ee82bb29976"
    /// A file could not be analysed.
    case fileFailed = "9a1e40b458154a9999e2d15364c7a500"
    /// A file is left out on purpose, being too long for instance.
    case fileSkipped = "68b4aef73eaa4e179d8a4eace693ae2d"
    /// A watched folder vanished; what is known of it is kept.
    case folderOffline = "142c83647806457793e783e7eb04b39b"
    /// Many files were gone when a folder was looked through.
    case filesVanished = "6fd06c01ccd246269e319105af7948a8"
    /// A folder that was offline is back.
    case folderOnline = "3b041641178844f2a60df25453fe2e85"
    /// The kernel's limit of inotify watches is reached.
    case watchLimit = "00a154d85ed84bccb5c719c2add9ca88"
    /// The kernel dropped file events; everything is looked through again.
    case overflow = "c0290103855d4f5599ec8712e8e3574f"
    /// A new model generation is in force.
    case modelSwapped = "6e704245a4ff41e3a7949b80dcb0b82e"
    /// An extraction process ended unexpectedly; another takes its place.
    case workerDied = "de1b1471320a48eab7a788d106762832"
    /// The state directory cannot be written to; ingest waits.
    case diskFull = "4350cc1721e54f21acd552a09ddbef12"
    /// What could not be written before is written now.
    case diskBack = "1b523b6c8dda4975916e9e7d36ae384b"
    /// The database was found damaged.
    case databaseDamaged = "7f4fb3ba4fc641b8bde3a7fa23c06c65"

    /// How much the event matters.
    package var level: Logger.Level {
        switch self {
        case .indexed, .fileSkipped: .info
        case .started, .stopped, .reloaded, .folderOnline, .modelSwapped, .diskBack: .notice
        case .fileFailed, .folderOffline, .filesVanished, .watchLimit, .overflow, .workerDied: .warning
        case .reloadFailed, .diskFull, .databaseDamaged: .error
        }
    }

    /// The event in the metadata of a log entry: its id, and its name.
    package var metadata: Logger.Metadata {
        ["message_id": .string(rawValue), "event": .string(name)]
    }

    /// The metadata that each of its entries has: the message catalog refers to them.
    package var fields: [String] {
        switch self {
        case .stopped, .overflow: []
        case .started: ["socket"]
        case .reloaded: ["file"]
        case .reloadFailed: ["error"]
        case .indexed: ["count"]
        case .fileFailed, .diskFull: ["path", "error"]
        case .fileSkipped, .folderOffline, .workerDied: ["path", "reason"]
        case .folderOnline, .watchLimit, .diskBack, .databaseDamaged: ["path"]
        case .filesVanished: ["path", "count"]
        case .modelSwapped: ["model"]
        }
    }

    /// The event's name, as in `folder-offline`.
    package var name: String {
        String(describing: self).reduce(into: "") { name, letter in
            name += letter.isUppercase ? "-\(letter.lowercased())" : String(letter)
        }
    }
}

extension Logger {
    /// Logs an event at its own level.
    package func log(_ event: JournalEvent, _ message: Logger.Message, metadata: Logger.Metadata = [:]) {
        assert(event.fields.allSatisfy { metadata[$0] != nil }, "\(event) lacks what the catalog promises")
        log(level: event.level, message, metadata: metadata.merging(event.metadata) { $1 })
    }
}
