import SystemPackage

final class WatchLoop {
    private let settings: WatchSettings
    private let inbox: WatchInbox
    private let deliver: ([FolderChange]) -> Void

    init(settings: WatchSettings, inbox: WatchInbox, deliver: @escaping ([FolderChange]) -> Void) {
        self.settings = settings
        self.inbox = inbox
        self.deliver = deliver
    }

    func run() throws(Errno) {}
}
