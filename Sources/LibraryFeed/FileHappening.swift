import ContentHash
import Platform
import SoundFeatures
import SystemPackage
import TimbreStore

/// What happened to one file of the library.
package struct FileHappening: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// It was seen for the first time, and waits to be read.
        case found
        /// It waits to be read again.
        case retried
        /// It is searchable.
        case indexed
        /// It is searchable, and holds something else than before.
        case changed
        /// It has another name.
        case renamed
        /// It is not there any more, or not in a watched folder.
        case removed
        /// It could not be read.
        case failed
        /// It is left out for what is in it.
        case skipped
        /// Its folder is not there; it is kept.
        case offline
        /// It is there again, as it was.
        case back
    }

    package var kind: Kind
    /// The file as it is now; as it was, if it is removed.
    package var file: FileRecord
    /// Where it is now.
    package var path: FilePath
    /// Where it was before it was renamed.
    package var earlierPath: FilePath?
    /// Its earlier number, if it has another one now.
    package var earlierID: Int64?
    /// The hash of its bytes, where that is known and may be new.
    package var hash: ContentHash?
    /// What is known of its sound, where that may be new.
    package var sound: SoundInfo?
    /// As the catalog keeps the figures of its sound, where they may be new; nil if they are not known yet.
    package var figures: [UInt8]?
    /// Its spans that have a code, and the model that made the codes, where these may be new.
    package var codes: Codes?

    package struct Codes: Hashable, Sendable {
        package var spanCount: Int
        package var model: ContentHash

        package init(spanCount: Int, model: ContentHash) {
            self.spanCount = spanCount
            self.model = model
        }
    }

    package init(_ kind: Kind, _ file: FileRecord, at path: FilePath) {
        self.kind = kind
        self.file = file
        self.path = path
    }

    /// Whether all that a list would say of the file is told. If not, only its place and state have changed.
    package var isComplete: Bool {
        switch kind {
        case .found, .retried, .indexed, .changed, .failed, .skipped: true
        case .renamed, .removed, .offline, .back: false
        }
    }
}
