// The words of the page, in both languages.

const words = {
  title: ['机の上の電話', 'Phones on a desk'],
  subtitle: ['みなと商事 — 契約なしで試すための世界', 'Minato Shoji — a world to try without a contract'],
  connecting: ['接続しています', 'Connecting'],
  live: ['接続中', 'Live'],
  lost: ['再接続しています', 'Lost. Reconnecting'],
  panel: ['調整', 'Controls'],
  people: ['だれの電話を置くか', 'Whose phones'],
  talks: ['トーク', 'Talks'],
  bots: ['Bot', 'Bots'],
  mails: ['メール', 'Mail'],
  back: ['戻る', 'Back'],
  close: ['片づける', 'Put away'],
  write: ['メッセージを書く', 'Write a message'],
  send: ['送信', 'Send'],
  start: ['利用開始', 'Start'],
  no_phones: ['上の名前を押すと、その人の電話がここに置かれます。', 'Press a name above to put that phone on the desk.'],
  no_talks: ['まだトークがありません。Bot から届くか、Bot を開くと始まります。', 'No talks yet. They begin when a bot writes, or when you open one.'],
  no_bots: ['公開された Bot がまだありません。', 'No published bots yet.'],
  no_mails: ['まだメールがありません。', 'No mail yet.'],
  no_messages: ['まだ何もありません。', 'Nothing here yet.'],
  deaf: ['この Bot は文字を受け取りません。', 'This bot takes no text.'],
  members: ['人', 'people'],
  bots_in: ['この部屋の Bot', 'Bots in this room'],
  invite: ['招待', 'Invite'],
  remove: ['外す', 'Remove'],
  text_part: ['テキスト', 'Text'],
  html_part: ['HTML', 'HTML'],
  headers: ['ヘッダー', 'Headers'],
  no_text: ['テキスト部分がありません。', 'There is no text part.'],
  no_subject: ['(件名なし)', '(no subject)'],
  faults: ['不調', 'Faults'],
  target: ['どこが', 'Where'],
  kind: ['どうなる', 'What'],
  often: ['いつまで', 'How often'],
  timeout_before: ['受け取らず無応答', 'Silent, not taken'],
  timeout_after: ['受け取って無応答', 'Silent, taken'],
  drop: ['成功と答えて捨てる', 'Says yes and drops it'],
  slow: ['3 秒遅れる', 'Three seconds late'],
  once: ['次の 1 回', 'Next one'],
  five: ['次の 5 回', 'Next five'],
  always: ['止めるまで', 'Until ended'],
  chance: ['30% の確率で', 'With a chance of 30%'],
  add: ['起こす', 'Begin'],
  end: ['終える', 'End'],
  left: ['回', 'left'],
  no_faults: ['どこも正常です。', 'All is well.'],
  limits: ['上限', 'Limits'],
  per_minute: ['LINE WORKS / 分', 'LINE WORKS / min'],
  per_second: ['Resend / 秒', 'Resend / s'],
  callbacks: ['コールバック', 'Callbacks'],
  no_callbacks: ['まだ送っていません。', 'None yet.'],
  pending: ['返事待ち', 'waiting'],
  failed: ['届かず', 'not delivered'],
  requests: ['届いた呼び出し', 'Requests'],
  no_requests: ['まだありません。', 'None yet.'],
  silence: ['無応答', 'silent'],
  reset: ['世界を最初に戻す', 'Begin the world anew'],
  reset_sure: ['すべてのトーク、メール、Bot が消えます。最初に戻しますか。', 'All talks, mails and bots go. Begin anew?'],
  copied: ['写しました', 'Copied'],
  refused: ['できませんでした', 'That did not work'],
  image: ['画像', 'Image'],
  file: ['ファイル', 'File'],
  audio: ['音声', 'Audio'],
  video: ['動画', 'Video'],
  sticker: ['スタンプ', 'Sticker'],
};

export const language = {
  now: localStorage.getItem('language') === 'en' ? 'en' : 'ja',
  turn() {
    this.now = this.now === 'ja' ? 'en' : 'ja';
    localStorage.setItem('language', this.now);
  },
};

export function word(name) {
  return words[name]?.[language.now === 'ja' ? 0 : 1] ?? name;
}

/** Puts the words into everything that names one. */
export function speak(root = document) {
  document.documentElement.lang = language.now;
  for (const element of root.querySelectorAll('[data-word]')) element.textContent = word(element.dataset.word);
}
