//! RFC 9309 section by section, then the files that people write.

use super::*;

fn denied_by(robots: &str, path: &str) -> Option<String> {
    denied_by_bytes(robots.as_bytes(), path)
}

fn denied_by_bytes(robots: &[u8], path: &str) -> Option<String> {
    let url = Url::parse(&format!("https://council.example{path}")).unwrap();
    match Robots::parse(robots).verdict(&url) {
        Verdict::Allowed => None,
        Verdict::Denied { rule } => Some(rule),
    }
}

/// Each line `+path` must be allowed and `-path` denied.
fn check(robots: &str, expect: &str) {
    for line in expect.split_whitespace() {
        let (sign, path) = line.split_at(1);
        assert_eq!(denied_by(robots, path).is_none(), sign == "+", "{path} under\n{robots}");
    }
}

#[test]
fn the_group_that_names_us_speaks_and_the_star_is_silent() {
    check("User-agent: *\nDisallow: /\nUser-agent: boardwatch\nDisallow: /x\n", "+/ +/a -/x");
    check("User-agent: boardwatch\nDisallow: /x\nUser-agent: *\nDisallow: /\n", "+/ +/a -/x");
    check("User-agent: other\nDisallow: /\n", "+/a");
    check("User-agent: other\nDisallow: /\nUser-agent: *\nDisallow: /x\n", "+/a -/x");
}

#[test]
fn a_group_that_names_us_without_rules_allows_everything() {
    check("User-agent: *\nDisallow: /\n\nUser-agent: boardwatch\n", "+/a");
    check("User-agent: *\nDisallow: /\n\nUser-agent: boardwatch\nDisallow:\n", "+/a");
}

#[test]
fn names_match_in_any_case_by_their_product_token_alone() {
    for name in ["boardwatch", "BoardWatch", "BOARDWATCH/0.1", "boardwatch bot", "boardwatch/*", "  boardwatch  # us"] {
        check(&format!("User-agent: {name}\nDisallow: /\n"), "-/a");
    }
    for name in
        ["boardwatchers", "board", "watch", "my-boardwatch", "boardwatch-images", "boardwatch_2", "mozilla boardwatch", ""]
    {
        check(&format!("User-agent: {name}\nDisallow: /\n"), "+/a");
    }
}

#[test]
fn the_star_may_be_followed_by_a_blank_but_by_nothing_else() {
    check("User-agent: * x\nDisallow: /\n", "-/a");
    check("User-agent: *bot\nDisallow: /\n", "+/a");
}

#[test]
fn groups_for_the_same_agent_are_one() {
    let robots =
        "User-agent: boardwatch\nDisallow: /a\n\nUser-agent: other\nDisallow: /b\n\nUser-agent: boardwatch\nDisallow: /c\n";
    check(robots, "-/a +/b -/c");
    check("User-agent: *\nDisallow: /a\nUser-agent: x\nDisallow: /b\nUser-agent: *\nDisallow: /c\n", "-/a +/b -/c");
}

#[test]
fn several_names_share_one_group() {
    check("User-agent: a\nUser-agent: boardwatch\nUser-agent: b\nDisallow: /x\n", "-/x +/y");
    check("User-agent: boardwatch\nUser-agent: *\nDisallow: /x\n", "-/x");
}

#[test]
fn blank_lines_comments_and_unknown_lines_end_no_group() {
    check("User-agent: boardwatch\n\n\n# text\nDisallow: /x\n", "-/x");
    check("User-agent: a\nSitemap: https://x/s.xml\nUser-agent: boardwatch\nDisallow: /x\n", "-/x");
    check("User-agent: boardwatch\nSitemap: https://x/s.xml\nUser-agent: b\nDisallow: /x\n", "-/x");
    check("User-agent: boardwatch\nUnknown: x\nnonsense and more\nDisallow: /x\nHost: y\nDisallow: /z\n", "-/x -/z");
    check("User-agent: boardwatch\nCrawl-delay: 5\nUser-agent: b\nDisallow: /x\n", "-/x");
}

#[test]
fn rules_before_any_group_speak_to_nobody() {
    check("Disallow: /\nUser-agent: *\nDisallow: /x\n", "+/a -/x");
    check("Disallow: /\n", "+/a");
}

#[test]
fn the_longest_match_decides_whatever_the_order() {
    check("User-agent: *\nAllow: /p\nDisallow: /\n", "+/page -/a");
    check("User-agent: *\nDisallow: /\nAllow: /p\n", "+/page -/a");
    check(
        "User-agent: *\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n",
        "+/example/page/a -/example/page/disallowed.gif",
    );
    check("User-agent: *\nDisallow: /x/page.html\nAllow: /x/page.htm\n", "-/x/page.html +/x/page.htm");
    check("User-agent: *\nAllow: /page\nDisallow: /*.htm\n", "-/page.htm +/page");
    check("User-agent: *\nAllow: /$\nDisallow: /\n", "+/ -/page.htm");
}

#[test]
fn of_two_rules_as_long_the_one_that_allows_decides() {
    check("User-agent: *\nDisallow: /folder\nAllow: /folder\n", "+/folder/page");
    check("User-agent: *\nAllow: /folder\nDisallow: /folder\n", "+/folder/page");
    check("User-agent: *\nDisallow: /\nAllow: /\n", "+/ +/a");
    check("User-agent: *\nAllow: /fold*\nDisallow: /folder\n", "-/folder +/fold");
}

#[test]
fn paths_match_from_the_start_and_by_case() {
    check(
        "User-agent: *\nDisallow: /fish\n",
        "-/fish -/fish.html -/fish/salmon.html -/fishheads -/fish.php?id=x +/Fish.asp +/catfish +/?id=fish",
    );
    check(
        "User-agent: *\nDisallow: /fish/\n",
        "-/fish/ -/fish/?id=x -/fish/salmon.htm +/fish +/fish.html +/animals/fish/ +/Fish/salmon.asp",
    );
    check("User-agent: *\nDisallow: fish\n", "+/fish");
    check("User-agent: *\nDisallow: https://council.example/x\n", "+/x");
}

#[test]
fn a_star_is_anything_and_a_dollar_the_end() {
    check("User-agent: *\nDisallow: /fish*\n", "-/fish -/fish.html +/Fish");
    check(
        "User-agent: *\nDisallow: /*.php\n",
        "-/index.php -/filename.php -/f/x.php?p -/x.php.txt -/filename.php/ +/ +/windows.PHP",
    );
    check("User-agent: *\nDisallow: /*.php$\n", "-/filename.php -/folder/x.php +/x.php?p +/x.php/ +/x.php5 -/a.php/b.php");
    check("User-agent: *\nDisallow: /fish*.php\n", "-/fish.php -/fishheads/catfish.php?parameters +/Fish.PHP");
    check("User-agent: *\nDisallow: /a*b*c$\n", "-/abc -/axbxc +/abcd -/abcdc +/acb");
    check("User-agent: *\nDisallow: */feed/*\n", "-/feed/ -/news/feed/rss +/feeds +/news/feed");
    check("User-agent: *\nDisallow: /*?\n", "-/a?b +/a");
    check("User-agent: *\nDisallow: *\n", "-/ -/a");
    check("User-agent: *\nDisallow: /***a\n", "-/a -/xa +/x");
    check("User-agent: *\nDisallow: /a$b\n", "-/a$bc +/a");
    check("User-agent: *\nDisallow: /$\n", "-/ +/a");
    check("User-agent: *\nDisallow: $\n", "+/ +/a");
    check("User-agent: *\nDisallow: /ab*ba$\n", "-/abba +/aba");
}

#[test]
fn the_example_of_rfc_9309_section_5_1_reads_as_it_says() {
    let robots = |name: &str| {
        let text = "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\
                    User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\
                    User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\
                    User-Agent: quxbot\n";
        text.replace(name, PRODUCT_TOKEN)
    };
    check(&robots("unknown"), "-/example/ -/a.gif +/publications/ +/b +/publications/x.gif");
    check(&robots("foobot"), "-/ -/b +/example/page.html +/example/allowed.gif -/example/other.gif");
    check(&robots("barbot"), "+/ -/example/page.html +/a.gif");
    check(&robots("bazbot"), "+/ -/example/page.html +/a.gif");
    check(&robots("quxbot"), "+/ +/example/page.html +/a.gif");
}

#[test]
fn percent_encoding_is_one_spelling_as_in_rfc_9309_section_2_2_2() {
    check("User-agent: *\nDisallow: /foo/bar?baz=quz\n", "-/foo/bar?baz=quz");
    let both = "-/foo/bar?baz=https://foo.bar -/foo/bar?baz=https%3A%2F%2Ffoo.bar -/foo/bar?baz=https%3a%2f%2ffoo.bar";
    check("User-agent: *\nDisallow: /foo/bar?baz=https://foo.bar\n", both);
    check("User-agent: *\nDisallow: /foo/bar?baz=https%3A%2F%2Ffoo.bar\n", both);
    for written in ["/foo/bar/ツ", "/foo/bar/%E3%83%84", "/foo/bar/%e3%83%84"] {
        check(&format!("User-agent: *\nDisallow: {written}\n"), "-/foo/bar/ツ -/foo/bar/%E3%83%84 -/foo/bar/%e3%83%84");
    }
    for written in ["/foo/bar/%62%61%7A", "/foo/bar/baz"] {
        check(&format!("User-agent: *\nDisallow: {written}\n"), "-/foo/bar/baz -/foo/bar/%62%61%7A -/foo/bar/%62az");
    }
    check("User-agent: *\nDisallow: /a%3cd\n", "-/a%3Cd -/a%3cd");
    check("User-agent: *\nDisallow: /a b\n", "-/a%20b");
    check("User-agent: *\nDisallow: /100%\n", "-/100% +/100");
}

#[test]
fn an_encoded_slash_in_a_path_is_no_slash() {
    check("User-agent: *\nDisallow: /a/b\n", "-/a/b +/a%2Fb");
    check("User-agent: *\nDisallow: /a%2Fb\n", "+/a/b -/a%2fb");
}

#[test]
fn encoded_stars_and_dollars_are_the_signs_as_in_rfc_9309_section_2_2_3() {
    check(
        "User-agent: *\nDisallow: /path/file-with-a-%2A.html\n",
        "-/path/file-with-a-*.html -/path/file-with-a-%2A.html +/path/file-with-a-x.html",
    );
    check("User-agent: *\nDisallow: /path/foo-%24\n", "-/path/foo-$ -/path/foo-%24 -/path/foo-$bar +/path/foo-");
}

#[test]
fn robots_txt_itself_is_always_allowed() {
    check("User-agent: *\nDisallow: /\n", "+/robots.txt -/a/robots.txt -/robots.txt2");
}

#[test]
fn line_ends_marks_comments_and_blanks_of_all_kinds_are_read() {
    for end in ["\n", "\r\n", "\r"] {
        let robots = ["\u{feff}user-AGENT : BoardWatch # us", "", "  DISALLOW:/x # not here", "allow :\t/x/y"].join(end);
        check(&robots, "-/x +/x/y +/z");
    }
    check("User-agent: *\nDisallow: /x#y\n", "-/x -/xz");
    check("User-agent: *\nDisallow: /last", "-/last");
}

#[test]
fn plain_mistakes_are_read_as_meant() {
    check("User-agent boardwatch\nDisallow /x\n", "-/x");
    check("useragent: *\nDissallow: /x\n", "-/x");
    check("User agent: *\nDisalow: /x\n", "-/x");
    check("foo: boardwatch\nbar: /x\n", "+/x");
}

#[test]
fn bytes_that_are_no_robots_txt_allow_everything() {
    assert_eq!(denied_by_bytes(b"", "/a"), None);
    assert_eq!(denied_by_bytes(b"<!DOCTYPE html><html><head><title>Home</title>\n<p>User-agent of change: /</p>", "/a"), None);
    assert_eq!(denied_by_bytes(&[0xff; 3000], "/a"), None);
    assert_eq!(denied_by_bytes(b"\0\0\0:\0\n:::\n:\n", "/a"), None);
}

#[test]
fn at_least_500_kib_are_read_and_a_rule_cut_there_is_dropped() {
    let mut robots = b"User-agent: *\n".to_vec();
    let comment = "# padding padding padding padding padding padding padding\n";
    let rule = "Disallow: /private\n";
    while robots.len() + comment.len() < BYTES_MAX - rule.len() {
        robots.extend_from_slice(comment.as_bytes());
    }
    robots.resize(BYTES_MAX - rule.len(), b'#');
    robots.extend_from_slice(b"\nDisallow: /private\nDisallow: /beyond\n");
    assert_eq!(denied_by_bytes(&robots, "/private"), None, "its line end lies beyond the limit");
    assert_eq!(denied_by_bytes(&robots, "/beyond"), None);

    let mut whole = b"User-agent: *\n".to_vec();
    whole.resize(BYTES_MAX - rule.len() - 1, b'#');
    whole.extend_from_slice(b"\nDisallow: /private\n");
    assert_eq!(whole.len(), BYTES_MAX);
    assert_eq!(denied_by_bytes(&whole, "/private").as_deref(), Some("Disallow: /private"));
}

#[test]
fn the_rule_that_denies_is_named_as_it_was_written() {
    assert_eq!(denied_by("User-agent: *\ndisallow: /A%62*  # x\n", "/Abc").as_deref(), Some("Disallow: /A%62*"));
}

#[test]
fn a_crawl_delay_counts_for_the_group_it_stands_in() {
    let delay = |robots: &str| Robots::parse(robots.as_bytes()).crawl_delay();
    assert_eq!(delay("User-agent: *\nCrawl-delay: 10\n"), Some(Duration::from_secs(10)));
    assert_eq!(
        delay("User-agent: boardwatch\nCrawl-delay: 0.5\nDisallow:\nUser-agent: *\nCrawl-delay: 9\n"),
        Some(Duration::from_millis(500))
    );
    assert_eq!(delay("User-agent: boardwatch\nDisallow:\nUser-agent: *\nCrawl-delay: 9\n"), None);
    for nonsense in ["-1", "soon", "NaN", "inf", "", "1e300"] {
        assert_eq!(delay(&format!("User-agent: *\nCrawl-delay: {nonsense}\n")), None, "{nonsense}");
    }
}

#[test]
fn a_hostile_pattern_takes_linear_time() {
    let stars = "/".to_owned() + &"a*".repeat(200_000) + "b$";
    let path = "/".to_owned() + &"a".repeat(100_000);
    assert_eq!(denied_by(&format!("User-agent: *\nDisallow: {stars}\n"), &path), None);
}
