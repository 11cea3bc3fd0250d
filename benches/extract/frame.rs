//! What a council's site puts around a page: head, scripts, cookie notice, mega menu, breadcrumb, sidebar, footer.
//!
//! Fixtures hold the content and little more; a page as a server sends it is ten to forty times as long. The frame has
//! the mixture of real ones: about a quarter scripts and styles, half lists of links, the rest blocks of a few words.

use std::fmt::Write;

/// A page of about `bytes` bytes: this one with a frame around its body, as it is where it has that size already.
pub fn around(page: &[u8], bytes: usize) -> Vec<u8> {
    let missing = bytes.saturating_sub(page.len());
    if missing < 1_000 {
        return page.to_vec();
    }
    let head = head(missing / 4);
    let menu = menu(missing / 2);
    let foot = foot(missing.saturating_sub(head.len() + menu.len()));
    let after_head = after_tag(page, b"<head").unwrap_or(0);
    let after_body = after_tag(page, b"<body").unwrap_or(after_head).max(after_head);
    let before_end = find(page, b"</body").filter(|at| *at >= after_body).unwrap_or(page.len());
    [
        &page[..after_head],
        head.as_bytes(),
        &page[after_head..after_body],
        menu.as_bytes(),
        &page[after_body..before_end],
        foot.as_bytes(),
        &page[before_end..],
    ]
    .concat()
}

/// A page of about `bytes` bytes whose content repeats: a listing, agenda or article that long.
pub fn repeated(page: &[u8], bytes: usize) -> Vec<u8> {
    let from = after_tag(page, b"<body").unwrap_or(0);
    let to = find(page, b"</body").filter(|at| *at > from).unwrap_or(page.len());
    let times = bytes.saturating_sub(page.len()) / (to - from).max(1) + 1;
    [&page[..from], &page[from..to].repeat(times), &page[to..]].concat()
}

/// The position after the `>` of the first tag that begins like this.
fn after_tag(page: &[u8], open: &[u8]) -> Option<usize> {
    let at = find(page, open).filter(|at| page.get(at + open.len()).is_some_and(|b| matches!(b, b'>' | b' ' | b'\n')))?;
    Some(at + find(&page[at..], b">")? + 1)
}

fn find(page: &[u8], needle: &[u8]) -> Option<usize> {
    page.windows(needle.len()).position(|window| window.eq_ignore_ascii_case(needle))
}

fn head(bytes: usize) -> String {
    let mut out = String::from(
        "<link rel=\"preconnect\" href=\"https://fonts.example.org\" crossorigin>\n\
         <link rel=\"stylesheet\" href=\"/themes/site/css/main.min.css?v=4.18.2\" media=\"all\">\n\
         <link rel=\"shortcut icon\" href=\"/themes/site/favicon.ico\" type=\"image/x-icon\">\n\
         <meta name=\"twitter:card\" content=\"summary\">\n<meta name=\"theme-color\" content=\"#12436d\">\n<style>",
    );
    for rule in 0.. {
        if out.len() * 2 > bytes {
            break;
        }
        let _ = writeln!(out, ".site-block-{rule}{{margin:0 auto {rule}px;padding:.5rem 1rem;max-width:1140px;color:#0b0c0c}}");
    }
    out.push_str("</style>\n<script>\nwindow.dataLayer = window.dataLayer || [];\n");
    for setting in 0.. {
        if out.len() > bytes {
            break;
        }
        let _ = writeln!(
            out,
            "dataLayer.push({{event: 'setting', name: 'site.feature.{setting}', on: {setting} < 3 && !document.cookie}});"
        );
    }
    out.push_str("</script>\n");
    out
}

fn menu(bytes: usize) -> String {
    let mut out = String::from(
        "<div id=\"ccc\" class=\"cookie-banner\" role=\"dialog\" aria-label=\"Cookies\"><p>We use some essential cookies to make this \
         site work. We’d like to set additional cookies to understand how you use it.</p><button type=\"button\" class=\"btn\">Accept</button>\
         <a href=\"/cookies\">View cookies</a></div>\n<a class=\"skip-link\" href=\"#main\">Skip to main content</a>\n\
         <header class=\"site-header\"><a href=\"/\" class=\"logo\"><svg viewBox=\"0 0 120 40\" aria-hidden=\"true\"><path d=\"M0 0h120v40H0z\"/>\
         </svg><span class=\"visually-hidden\">Home</span></a><form action=\"/search\" role=\"search\"><label for=\"q\">Search</label>\
         <input id=\"q\" name=\"q\" type=\"search\"><button type=\"submit\">Search</button></form>\n\
         <nav class=\"navbar\" aria-label=\"Main\"><ul class=\"menu\">\n",
    );
    for section in 0.. {
        if out.len() > bytes {
            break;
        }
        let name = SERVICES[section % SERVICES.len()];
        let _ = writeln!(
            out,
            "<li class=\"menu-item menu-item--expanded dropdown\"><a href=\"/{0}\" class=\"nav-link dropdown-toggle\" data-toggle=\"dropdown\" \
             aria-expanded=\"false\">{1}</a>\n<ul class=\"dropdown-menu\">",
            name.to_lowercase().replace(' ', "-"),
            name
        );
        for (number, word) in WORDS.iter().enumerate() {
            let _ = writeln!(
                out,
                "  <li class=\"menu-item\"><a href=\"/{}/{}-{number}\" class=\"dropdown-item\" title=\"{word} &amp; {name}\">{word} and {}</a></li>",
                name.to_lowercase().replace(' ', "-"),
                word.to_lowercase(),
                name.to_lowercase()
            );
        }
        out.push_str("</ul></li>\n");
    }
    out.push_str("</ul></nav></header>\n");
    out
}

fn foot(bytes: usize) -> String {
    let mut out = String::from("<footer class=\"site-footer\"><div class=\"container\"><div class=\"row\">\n");
    for column in 0.. {
        if out.len() > bytes {
            break;
        }
        let name = SERVICES[column % SERVICES.len()];
        let _ = writeln!(
            out,
            "<div class=\"col-md-3 footer-block\"><h2 class=\"footer-title\">{name}</h2><p>Call us on 0100 555 {column:04}, Monday to Friday.</p>\
             <ul class=\"list-unstyled\"><li><a href=\"/contact/{column}\">Contact the {} team</a></li><li><a href=\"/a-to-z#{column}\">A to Z of \
             services</a></li></ul></div>",
            name.to_lowercase()
        );
    }
    out.push_str("</div><p>© The Council. <a href=\"/privacy\">Privacy</a> <a href=\"/accessibility\">Accessibility</a></p></div></footer>\n\
         <script src=\"/themes/site/js/main.min.js?v=4.18.2\" defer></script>\n");
    out
}

const SERVICES: [&str; 12] = [
    "Bins and recycling",
    "Council Tax",
    "Housing",
    "Planning",
    "Schools and learning",
    "Social care",
    "Parking and roads",
    "Leisure",
    "Libraries",
    "Business",
    "Births and deaths",
    "Your council",
];
const WORDS: [&str; 8] = ["Apply", "Report", "Pay", "Find", "Book", "Help", "Renew", "Change"];
