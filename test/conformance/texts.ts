/** Texts that programs like to spoil. All fit the strictest platform. */
export const TEXTS: Readonly<Record<string, string>> = {
  'in Arabic': 'نقرع الجرس معًا في اليوم المئة، والعدالة لا تنتظر! #مئة_يوم',
  'in Thai': 'เราลั่นระฆังพร้อมกันในวันที่หนึ่งร้อย น้ำใจไม่มีวันหมด #ร้อยวัน',
  'with emoji families': 'Together: 👨‍👩‍👧‍👦 👩‍👩‍👧 👩🏽‍🚀 🏳️‍🌈 🇮🇹 1️⃣ ring the bell ❤️',
  'with a hashtag in Cyrillic': 'Мы звоним в колокол вместе, ё и й. #СтоДнейБезПравосудия',
  'with signs that mean something':
    'Signs # @ [a](b) {c} (d) | \\ *e* _f_ ~g~ <h> & "i" \'j\' `k` &amp; %41 +1\nsecond line\n\n#two, #three',
};
