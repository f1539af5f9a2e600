/**
 * Older names and names in other languages of large cities that no zone is called after, by their zone. The data has each of
 * them by one English name alone.
 */
export const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  'Asia/Shanghai': [
    ...[
      'Peking',
      'Pekin',
      'Pékin',
      'Pechino',
      'Pequín',
      'Pequim',
      'Пекин',
      'Пекін',
      'بكين',
      '北京',
    ],
    ...['上海', 'Canton', '广州', '廣州', '深圳'],
  ],
  'Asia/Kolkata': [
    ...['Bangalore', 'Bombay', 'Madras', 'Poona', 'Mysore', 'Delhi', 'Nuova Delhi', 'Nueva Delhi'],
    ...['Дели', 'Делі', 'दिल्ली', 'मुंबई', 'कोलकाता'],
  ],
  'Asia/Ho_Chi_Minh': ['Hanoi', 'Ханой', 'Hà Nội', 'Sài Gòn', 'Thành phố Hồ Chí Minh'],
  'Asia/Tokyo': ['東京', 'Осака', '大阪'],
  'Asia/Seoul': ['서울', '부산'],
  'Asia/Taipei': ['臺北', '台北'],
  'Asia/Hong_Kong': ['香港'],
  'Asia/Jerusalem': ['תל אביב', 'ירושלים', 'Тель-Авив', 'تل أبيب'],
  'Asia/Tehran': ['تهران'],
  'Europe/Athens': ['Αθήνα'],
  'Europe/Moscow': [
    ...['Leningrad', 'Петербург', 'Санкт-Петербург', 'Saint-Pétersbourg', 'San Pietroburgo'],
    ...['San Petersburgo', 'Sankt Petersburg'],
  ],
  'Europe/Kyiv': ['Львів', 'Львов', 'Lemberg', 'Leopoli', 'Харків', 'Харьков', 'Одеса', 'Одесса'],
  'Europe/Berlin': [
    'München',
    'Monaco di Baviera',
    'Мюнхен',
    'Köln',
    'Colonia',
    'Кёльн',
    'Гамбург',
  ],
  'Europe/Rome': ['Milano', 'Mailand', 'Милан', 'Napoli', 'Neapel', 'Torino', 'Firenze', 'Venezia'],
  'Europe/Zurich': ['Genève', 'Genf', 'Ginevra', 'Ginebra', 'Женева', 'Bern', 'Berne'],
  'Europe/Warsaw': ['Warszawa', 'Kraków', 'Krakau', 'Danzig', 'Gdańsk'],
  'Europe/Prague': ['Praha'],
  'Europe/Bucharest': ['București'],
  'Europe/Belgrade': ['Beograd', 'Београд'],
  'Europe/Lisbon': ['Lisboa'],
  'Europe/Copenhagen': ['København'],
  'America/New_York': ['Нью Йорк', 'Eastern'],
  'America/Chicago': ['Central'],
  'America/Denver': ['Mountain'],
  'America/Los_Angeles': ['Pacific'],
};
