//! A page that counts as the one that was read before is not read again: so no page may that says something else.

use super::real::ACTS;
use super::scene::Scene;
use super::*;
use boardwatch::rules::looks::looks;

fn of(url: &str, page: &str) -> String {
    looks(&Url::parse(url).unwrap(), 200, None, page.as_bytes())
}

#[test]
fn nothing_that_a_council_changes_leaves_its_page_alike() {
    let mut pairs = 0;
    for platform in PLATFORMS {
        let (url, page) = Scene::before().page(platform);
        for (name, act, _) in ACTS {
            let mut scene = Scene::before();
            act(&mut scene);
            let (_, changed) = scene.page(platform);
            if changed != page {
                pairs += 1;
                assert_ne!(of(url, &page), of(url, &changed), "{platform:?}: {name}");
            }
        }
    }
    assert!(pairs > 100, "{pairs}");
}

#[test]
fn pages_that_are_alike_are_read_alike() {
    for platform in PLATFORMS.into_iter().filter(|platform| *platform != Platform::Feed) {
        let (url, page) = Scene::before().page(platform);
        let with = |token: &str| {
            let above = format!(
                "<meta name=csrf-token content='{token}'><script nonce='{token}'>t='{token}'</script><style>.a{token}{{}}</style></head>"
            );
            let below = format!("<!-- {token} --><input type=hidden name=__VIEWSTATE value='{token}'></body>");
            page.replace("</head>", &above).replace("</body>", &below)
        };
        let (one, other) = (with("4d2a"), with("15 May 2026"));
        assert_ne!(one, page, "{platform:?}");
        assert_eq!(of(url, &one), of(url, &other), "{platform:?}");
        let (one, other) = (read_as(platform, url, one.as_bytes()), read_as(platform, url, other.as_bytes()));
        assert_eq!(differences(&one.items, &other.items), Vec::<String>::new(), "{platform:?}");
    }
}
