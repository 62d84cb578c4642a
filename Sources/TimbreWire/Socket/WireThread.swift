import SystemPackage

#if canImport(Glibc)
    import Glibc
#endif

/// A thread of the operating system, for work that blocks.
package enum WireThread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs `body` on a thread of its own, with a stack of 1 MiB, and lets it go: pthread_create(3).
    package static func start(_ body: @escaping @Sendable () -> Void) throws(Errno) {
        let work = unsafe Unmanaged.passRetained(Work(body))
        // Room for the attributes, which pthread_attr_init fills: their type's own initialiser is out of reach here.
        let status = unsafe withUnsafeTemporaryAllocation(of: pthread_attr_t.self, capacity: 1) { attributes in
            guard let attributes = attributes.baseAddress else { return ENOMEM }
            unsafe pthread_attr_init(attributes)
            defer { unsafe pthread_attr_destroy(attributes) }
            unsafe pthread_attr_setstacksize(attributes, 1 << 20)
            unsafe pthread_attr_setdetachstate(attributes, CInt(PTHREAD_CREATE_DETACHED))
            var thread = pthread_t()
            return unsafe pthread_create(
                &thread, attributes,
                { pointer in
                    guard let pointer = unsafe pointer else { return nil }
                    unsafe Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body()
                    return nil
                }, work.toOpaque())
        }
        guard status == 0 else {
            unsafe work.release()
            throw Errno(rawValue: status)
        }
    }
}
