import SoundFeatures
import Synchronization

#if FFMPEG
    import CFFmpeg
#endif

/// FFmpeg's libraries in this process, which decode what libsndfile does not.
///
/// They are not linked: with what they need they are some 130 libraries, whose loading takes longer than most sounds. A
/// process that is to have them loads them before it shuts itself in.
package enum ForeignDecoding {
    private enum State {
        /// Nobody has asked for them.
        case unasked
        /// They are not installed, or not in the version that this was built with.
        case missing
        #if FFMPEG
            case loaded(FFmpeg)
        #endif
    }

    private static let state = Mutex(State.unasked)

    /// Loads the libraries; once for the process.
    ///
    /// - Returns: Whether they are installed.
    @discardableResult package static func load() -> Bool {
        #if FFMPEG
            state.withLock { state in
                if case .unasked = state { state = FFmpeg.load().map { .loaded($0) } ?? .missing }
                return if case .loaded = state { true } else { false }
            }
        #else
            false
        #endif
    }

    /// Refuses a kind of sound if it takes another process to decode it.
    ///
    /// - Throws: ``ExtractionFailure`` with ``ExtractionFailure/wantsFFmpeg``.
    static func demand(_ kind: ForeignKind) throws(ExtractionFailure) {
        #if FFMPEG
            let isUnasked = state.withLock { state in
                if case .unasked = state { true } else { false }
            }
            guard isUnasked, kind.demuxer != nil else { return }
            var failure = ExtractionFailure.unsupported(kind.name)
            failure.wantsFFmpeg = true
            throw failure
        #endif
    }

    /// Opens a sound.
    ///
    /// - Parameter view: Of a file that the caller keeps open for as long as the sound lives.
    /// - Throws: ``ExtractionFailure``
    static func open(_ view: ByteView, _ kind: ForeignKind) throws(ExtractionFailure) -> any DecodedSound {
        guard let demuxer = kind.demuxer else { throw .unsupported(kind.name) }
        try demand(kind)
        #if FFMPEG
            if case .loaded(let ffmpeg) = state.withLock({ $0 }) {
                return try ForeignSound(view, name: kind.name, demuxer: demuxer, ffmpeg)
            }
            throw .unsupported("\(kind.name) (FFmpeg's libraries are not installed)")
        #else
            throw .unsupported("\(kind.name) (built without FFmpeg's libraries)")
        #endif
    }
}
