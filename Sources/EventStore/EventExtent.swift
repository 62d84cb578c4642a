/// Where the events of a sound are in an ``EventFile``.
package struct EventExtent: Hashable, Sendable {
    /// The place of the first byte.
    package var position: Int64
    package var eventCount: Int
    /// Frames of the sound.
    package var frameCount: Int

    package init(position: Int64, eventCount: Int, frameCount: Int) {
        self.position = position
        self.eventCount = eventCount
        self.frameCount = frameCount
    }

    /// The place behind the last byte.
    package var end: Int64 { position + Int64(EventPart.size(ofEvents: eventCount)) }
}
