//! What people do in a run: write, press, and block.

use sandbox::world::{TalkId, google_chat};
use tests::talks::{LINE_CHANNEL, Talk};

use crate::{ops::Way, play::Play};

impl Play {
    /// Somebody writes to us. Not everybody may at any time; then nothing happens.
    pub(crate) fn say(&mut self, number: usize, way: Way) {
        let (now, person) = (self.machine.now(), &self.cast.members[number]);
        let (short, words) = (person.short.as_str(), "はい");
        let mut world = self.machine.outside.world.borrow_mut();
        match (way, Talk::google_chat(&world, short)) {
            (Way::LineWorks, _) => drop(world.say(short, &TalkId::Bot(self.cast.bot), words, now)),
            (Way::Line, _) => drop(world.line_say(short, &format!("oa:{LINE_CHANNEL}"), words, now)),
            (Way::Slack, _) => drop(world.slack_say(short, "dm", words, None, now)),
            (Way::GoogleChat, Some(Talk::GoogleChat(space))) => {
                drop(google_chat::say(&mut world, short, &space, words, None, now));
            }
            (Way::GoogleChat | Way::Mail, _) => {}
        }
    }

    /// Somebody presses the first button of the `back`th message from the end that has any.
    pub(crate) fn press(&mut self, talk: Option<&Talk>, short: &str, back: u8) {
        let (now, mut world) = (self.machine.now(), self.machine.outside.world.borrow_mut());
        let Some(talk) = talk else { return };
        let shown = talk.shown(&world);
        let mut askers = shown.iter().rev().filter(|message| !message.answers.is_empty());
        let Some(message) = askers.nth(usize::from(back)) else { return };
        let (button, _) = message.answers[usize::from(back) % message.answers.len()];
        // Not in this room, or blocked: nothing happens.
        let _ = talk.press(&mut world, short, message, button, now);
        self.machine.record.borrow_mut().beside.push(now);
    }

    /// Everybody presses the newest button in every talk, and all of it arrives at once.
    pub(crate) fn rush(&mut self, backwards: bool) {
        self.machine.run_for(500);
        for number in 0..self.cast.members.len() {
            let short = self.cast.members[number].short.clone();
            for way in Way::ALL {
                let person = &self.cast.members[number];
                let talk = self.cast.talk(&self.machine.outside.world.borrow(), person, way);
                self.press(talk.as_ref(), &short, 0);
            }
            for room in 0..self.cast.rooms.len() {
                let talk = self.cast.rooms[room].talk.clone();
                self.press(Some(&talk), &short, 0);
            }
        }
        self.call_back(false, backwards);
    }

    /// Keeps since when the hub knows that somebody blocks us.
    pub(crate) fn note_blocked(&mut self) {
        if self.machine.record.borrow().blocked.is_empty() {
            return;
        }
        let now = self.machine.now();
        let blocked =
            self.machine.read("SELECT member FROM addresses WHERE channel = 'line' AND state = 'blocked'");
        let mut record = self.machine.record.borrow_mut();
        for (number, person) in self.cast.members.iter().enumerate() {
            let known = record.known_blocked.iter().position(|(of, _)| *of == number);
            match (blocked.contains(&person.id), known) {
                (true, None) => record.known_blocked.push((number, now)),
                // Perhaps long ago by now: nothing is said of what lies between.
                (false, Some(known)) => drop(record.known_blocked.remove(known)),
                _ => {}
            }
        }
    }
}
