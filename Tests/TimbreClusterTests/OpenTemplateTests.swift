import Testing

@testable import TimbreCluster

struct OpenTemplateTests {
    private func command(_ template: String, _ path: String, host: String = "two") throws -> String {
        try OpenTemplate(template).command(host: host, path: Array(path.utf8))
    }

    @Test func plainNamesStayAsTheyAre() throws {
        #expect(try command("ssh {host} cat {path:remote}", "/srv/a-b_1.wav") == "ssh two cat /srv/a-b_1.wav")
    }

    @Test func whatMeansSomethingToAShellIsQuotedOnceForEachShell() throws {
        #expect(try command("scp {host}:{path} .", "/srv/a b.wav") == "scp two:'/srv/a b.wav' .")
        #expect(try command("cat {path}", "/it's $HOME") == #"cat '/it'\''s $HOME'"#)
        #expect(try command("ssh {host} cat {path:remote}", "/a b") == #"ssh two cat ''\''/a b'\'''"#)
        #expect(try command("ssh {host} cat {path:remote}", "/a", host: "a;b").hasPrefix("ssh 'a;b' cat"))
    }

    @Test func bytesThatCannotBeShownAreEscaped() throws {
        let template = try OpenTemplate("cat {path}")
        #expect(template.command(host: "", path: [0x2F, 0xFF, 0x0A, 0x41]) == #"cat $'/\377\012A'"#)
        #expect(template.command(host: "", path: Array("/\u{202E}x".utf8)) == #"cat $'/\342\200\256x'"#)
        #expect(template.command(host: "", path: Array("/Grüße".utf8)) == "cat '/Grüße'")
    }

    @Test func aURIHasNoSpaces() throws {
        #expect(try command("xdg-open sftp://{host}{path:uri}", "/a b:é") == "xdg-open sftp://two/a%20b%3A%C3%A9")
    }

    @Test(
        "What is no template is refused, with the reason",
        arguments: [
            ("ssh {host} cat {path}", "{path:remote}"), ("cat {file}", "{file} stands for nothing"),
            ("cat {path", "not closed"), ("ssh {host}", "no {path}"),
        ])
    func mistakes(text: String, reason: String) {
        let error = #expect(throws: OpenTemplateError.self) { try OpenTemplate(text) }
        #expect(error?.problem.contains(reason) == true)
    }
}
