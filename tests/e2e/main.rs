//! End to end: the product as shipped in real workerd, against the sandbox over real sockets.
//!
//! One product and one sandbox serve all scenarios, in the order of [`SCENARIOS`]; each looks only at what it
//! did itself. The runner speaks libtest's language as far as other programs read it: `--list`, names as
//! filters, the summary line.

mod attendance;
mod callbacks;
mod claims;
mod client;
mod doors;
mod failure;
mod live;
mod messengers;
mod notices;
mod pages;
mod product;
mod refusals;
mod restart;
mod setup;
mod stage;
mod upgrade;

use std::{io::Write as _, pin::Pin, process::ExitCode};

use crate::{failure::Outcome, stage::Stage};

type Scenario = for<'a> fn(&'a mut Stage) -> Pin<Box<dyn Future<Output = Outcome> + 'a>>;

macro_rules! scenarios {
    ($($file:ident::$name:ident),* $(,)?) => {
        &[$((concat!(stringify!($file), "::", stringify!($name)), |stage| Box::pin($file::$name(stage)))),*]
    };
}

const SCENARIOS: &[(&str, Scenario)] = scenarios![
    setup::a_race_gives_one_workspace,
    setup::a_second_set_up_is_refused,
    notices::an_event_reaches_talk_and_mailbox,
    notices::a_room_gets_one_message,
    notices::the_same_key_gives_the_same_answer,
    refusals::bad_keys_and_strangers,
    refusals::what_is_not_ours_is_not_found,
    refusals::what_is_too_large,
    callbacks::only_what_is_signed_is_taken,
    callbacks::the_bot_tells_the_room_its_id,
    live::a_page_hears_of_a_delivery,
    live::nobody_else_may_listen,
    pages::both_pages_are_guarded,
    restart::a_crash_in_the_middle_of_sending_loses_nothing,
    claims::pressed_on_lineworks,
    claims::pressed_on_line,
    claims::pressed_on_slack,
    claims::pressed_on_google_chat,
    claims::tokens_are_signed_by_the_platform,
    doors::curl_posts_as_to_line_notify,
    doors::line_notify_libraries_work,
    doors::slacks_form_is_taken,
    doors::others_verify_our_webhook,
    attendance::a_word_punches_until_the_month_is_submitted,
    claims::no_contract_was_broken,
    upgrade::a_store_of_version_1_goes_on,
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (options, filters): (Vec<_>, Vec<_>) = words.into_iter().partition(|word| word.starts_with("--"));
    let has = |option: &str| options.iter().any(|given| given == option);
    let chosen = |name: &str| {
        filters.is_empty()
            || filters
                .iter()
                .any(|wanted| if has("--exact") { name == wanted } else { name.contains(wanted) })
    };
    let chosen: Vec<_> = SCENARIOS.iter().filter(|(name, _)| !has("--ignored") && chosen(name)).collect();
    if has("--list") {
        chosen.iter().for_each(|(name, _)| println!("{name}: test"));
        return ExitCode::SUCCESS;
    }
    println!("\nrunning {} tests", chosen.len());
    if chosen.is_empty() {
        println!(
            "\ntest result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; {} filtered out",
            SCENARIOS.len()
        );
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let played = runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(play(&chosen)));
    match played {
        Ok(failed) => {
            let (word, passed) = (if failed == 0 { "ok" } else { "FAILED" }, chosen.len() - failed);
            let rest = SCENARIOS.len() - chosen.len();
            println!(
                "\ntest result: {word}. {passed} passed; {failed} failed; 0 ignored; 0 measured; {rest} filtered out"
            );
            if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(failure) => {
            println!(
                "\nthe stage: {failure}\n\ntest result: FAILED. 0 passed; {} failed; 0 ignored",
                chosen.len()
            );
            ExitCode::FAILURE
        }
    }
}

/// Plays them one after another; answers how many failed.
async fn play(chosen: &[&(&str, Scenario)]) -> Outcome<usize> {
    let mut stage = Stage::open().await?;
    let mut failed = 0;
    for (name, scenario) in chosen {
        print!("test {name} ... ");
        std::io::stdout().flush()?;
        match scenario(&mut stage).await {
            Ok(()) => println!("ok"),
            Err(failure) => {
                failed += 1;
                println!("FAILED\n{failure}");
            }
        }
    }
    if failed > 0 {
        println!("\n---- what the product printed ----\n{}", stage.product.last_lines());
    }
    stage.close().await?;
    Ok(failed)
}
