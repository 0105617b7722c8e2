//! The plug is pulled at random, again and again, while somebody files one case after the other.

use std::time::Duration;

use jinban::demo::villager::{self, Page};

use super::room::Room;

const SEED: u64 = 20_161_124;
/// Cases that the person wants to file.
const WISHES: usize = 3;
/// How often the plug is pulled.
const PULLS: usize = 8;

/// Goes to the home screen from wherever they are, leaving what is unfinished for later.
fn go_home(room: &Room) {
    loop {
        match villager::look(&room.hand).unwrap() {
            Page::Home => return,
            Page::Attract => room.hand.tap(&t!("attract.start")).unwrap(),
            Page::Unfinished => room.hand.tap(&t!("resume.later")).unwrap(),
            page => panic!("{page:?} after switching on"),
        }
    }
}

/// How many of the person's cases the terminal knows, asked as they would: by card, on 进度查询.
fn listed(room: &Room) -> usize {
    let (mine, none) = (t!("progress.mine"), t!("progress.none"));
    let (asked, offered) = (t!("identity.title"), t!("resume.title"));
    loop {
        go_home(room);
        room.hand.tap(&t!("home.progress")).unwrap();
        let any = [&*offered, &*mine, &*none, &*asked];
        let page = room.hand.await_any(&any).unwrap().text;
        if page.contains(&*offered) {
            // What was left unfinished was offered just before the tap: for later.
            continue;
        }
        // Whoever was recognised in this visit already is not asked for the card again.
        if page.contains(&*asked) {
            room.lay_down();
            room.hand.await_any(&[&mine, &none]).unwrap();
        }
        break;
    }
    let filed = t!("progress.filed", day = "");
    let seen = room.hand.look();
    let count = seen.iter().filter(|s| s.text.ends_with(&*filed)).count();
    room.hand.tap(&t!("bar.home")).unwrap();
    count
}

#[tokio::test(flavor = "multi_thread")]
async fn wherever_the_plug_is_pulled_every_case_arrives_once_and_no_answer_is_asked_for_twice() {
    let Some(mut room) = Room::open().await else {
        return;
    };
    println!("seed {SEED}");
    let mut chance = fastrand::Rng::with_seed(SEED);
    let (mut filed, mut pulls) = (0, 0);
    let mut reached: Option<Page> = None;
    while filed < WISHES {
        let steps = if pulls < PULLS {
            chance.usize(1..10)
        } else {
            usize::MAX
        };
        let mut done = 0;
        // One visit, until it ends or the plug is pulled.
        let ended = tokio::task::block_in_place(|| {
            while done < steps {
                let page = villager::look(&room.hand).unwrap();
                if let Some(before) = reached
                    && (Page::Phone..=Page::Sign).contains(&page)
                {
                    // The page that was being answered may be asked once more, those before it not.
                    assert!(
                        page >= before,
                        "{before:?} was reached, and {page:?} is asked again"
                    );
                }
                if (Page::Phone..=Page::Sign).contains(&page) {
                    reached = Some(page);
                }
                if page == Page::Done {
                    reached = None;
                }
                villager::answer(&room.stage, &mut room.hand, page).unwrap();
                if page == Page::Goodbye {
                    return true;
                }
                done += 1;
            }
            false
        });
        if ended {
            filed += 1;
            continue;
        }
        pulls += 1;
        println!("pull {pulls}: after {done} pages, having reached {reached:?}");
        std::thread::sleep(Duration::from_millis(chance.u64(0..400)));
        room.pull_the_plug();
        let known = tokio::task::block_in_place(|| listed(&room));
        assert!(
            known == filed || known == filed + 1,
            "{filed} filed, {known} listed"
        );
        if known > filed {
            // It was handed in as the plug was pulled; they see it and do not file it again.
            filed = known;
            reached = None;
        }
    }
    assert_eq!(tokio::task::block_in_place(|| { listed(&room) }), WISHES);
    // The last may still be on its way.
    let mut received = room.received().await;
    for _ in 0..200 {
        if received == WISHES {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
        received = room.received().await;
    }
    assert_eq!(received, WISHES);
    println!("{pulls} pulls, {received} cases, each once");
}
