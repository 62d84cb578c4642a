import ContentHash
import FolderWatch
import Glibc
import Logging
import Platform
import SystemPackage
import Systemd
import TimbreConfiguration
import TimbreIngest
import TimbreStore

/// Keeps the watches of the folders, with the kernel's queue, across restarts of the service.
///
/// What happens meanwhile is in the queue, so that nothing has to be scanned again. systemd keeps the queue and the
/// state of its watches, as two descriptors; the catalog keeps a mark that says that it has taken in all earlier
/// events. The mark is used once.
struct WatchKeeping {
    let catalog: Catalog
    let store: DescriptorStore
    let settings: ServiceSettings

    private var logger: Logger { settings.logger }
    private static let setting = "handover"
    private static let prefix = "watches-"

    /// Leaves the watches to the next start, if all their events have been taken in.
    func leave(_ handover: WatchHandover?, _ remainder: IngestRemainder?) {
        guard store.isPresent, let handover, let remainder, remainder.isCaughtUp else { return }
        var state = handover.state
        state.hold(remainder.files)
        state.rescan(remainder.scans)
        let nonce = UInt64.random(in: 1 ... .max)
        do {
            let known = try MemoryFile.make(state.bytes, named: "timbred")
            try catalog.write { try $0.set(Self.setting, to: mark(nonce)) }
            store.store(handover.queue, named: "\(Self.prefix)queue-\(nonce)")
            store.store(known, named: "\(Self.prefix)known-\(nonce)")
            store.waitUntilHeard()
            try known.close()
        } catch {
            // Then the next start scans the folders.
            logger.info("the watches are not kept: \(error)")
        }
    }

    /// What the last stop has left, if it fits; it can only be taken once.
    func take() -> WatchHandover? {
        do {
            var kept = try store.kept(prefix: Self.prefix)
            for name in kept.keys { store.drop(named: name) }
            defer { for descriptor in kept.values { close(descriptor.rawValue) } }
            let mark = try catalog.read { try $0.setting(Self.setting) ?? 0 }
            if mark != 0 { try catalog.write { try $0.set(Self.setting, to: 0) } }
            for name in kept.keys {
                let parts = name.split(separator: "-")
                guard parts.count == 3, parts[1] == "queue", let nonce = UInt64(parts[2]), mark == self.mark(nonce),
                    let known = kept["\(Self.prefix)known-\(nonce)"],
                    let state = WatchState(parsing: try MemoryFile.contents(of: known)),
                    let queue = kept.removeValue(forKey: name)
                else { continue }
                return WatchHandover(adopting: queue, state: state)
            }
        } catch {
            logger.info("the watches of before are not used: \(error)")
        }
        return nil
    }

    /// A number, never 0, that identifies a handover of this library, version and configuration. Under another
    /// configuration, which decides what files are looked at, the watches would miss some.
    private func mark(_ nonce: UInt64) -> Int64 {
        let configuration = settings.configuration
        let text = """
            \(nonce) \(ServiceSettings.version) \(configuration.followSymlinks) \(configuration.exclude) \
            \(configuration.video) \(NameFilter.generation)
            """
        return ContentHash(of: Array(text.utf8)).leadingNumber | 1
    }
}
