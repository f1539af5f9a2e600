/** Of which the country's own name in the data is another one, and which has two zones. */
const PALESTINE = ['Palestine', 'State of Palestine', 'فلسطين', 'دولة فلسطين', 'Палестина'];

/** The states of Germany, by their own names, and by those that others have for them. */
const LAENDER =
  'Baden-Württemberg,Bayern,Bavaria,Bavière,Baviera,Бавария,Brandenburg,Bremen,Hessen,Mecklenburg-Vorpommern,Niedersachsen,' +
  'Nordrhein-Westfalen,NRW,Rheinland-Pfalz,Saarland,Sachsen,Saxony,Sachsen-Anhalt,Schleswig-Holstein,Thüringen';
/** The countries of the United Kingdom, and what it is called besides. */
const BRITAIN =
  'UK,U.K.,Britain,Great Britain,Großbritannien,Grande-Bretagne,Gran Bretagna,Gran Bretaña,Великобритания,Велика Британія,' +
  'England,Angleterre,Inghilterra,Inglaterra,Англия,Англія,Scotland,Schottland,Écosse,Scozia,Escocia,Шотландия,' +
  'Wales,Cymru,Northern Ireland,Nordirland';
const AMERICA = 'USA,US,U.S.,U.S.A.,EE. UU.,EEUU,США,أمريكا,America,Amerika,Amérique';
const CRIMEA = 'Crimea,Crimée,Krim,Крым,Крим';

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
    ...[
      'Bangalore',
      'Bombay',
      'Chennai',
      'Madras',
      'Poona',
      'Mysore',
      'Delhi',
      'Nuova Delhi',
      'Nueva Delhi',
    ],
    ...['Дели', 'Делі', 'दिल्ली', 'मुंबई', 'कोलकाता'],
    ...['சென்னை', 'హైదరాబాద్', 'ಬೆಂಗಳೂರು'],
  ],
  'Asia/Ho_Chi_Minh': ['Hanoi', 'Ханой', 'Hà Nội', 'Sài Gòn', 'Thành phố Hồ Chí Minh'],
  'Asia/Tokyo': ['東京', 'Осака', '大阪'],
  'Asia/Seoul': ['한국', '서울', '부산'],
  'Asia/Taipei': ['臺北', '台北'],
  'Asia/Hong_Kong': ['香港'],
  'Asia/Jerusalem': ['Al-Quds', 'תל אביב', 'ירושלים', 'Тель-Авив', 'تل أبيب'],
  'Asia/Tehran': ['تهران'],
  'Europe/Athens': ['Αθήνα'],
  'Europe/Moscow': [
    ...[
      'Moskva',
      'Moskwa',
      'Leningrad',
      'Петербург',
      'Санкт-Петербург',
      'Saint-Pétersbourg',
      'San Pietroburgo',
    ],
    ...['San Petersburgo', 'Sankt Petersburg'],
  ],
  'Europe/Kyiv': [
    ...['Києвом', 'Києву', ...CRIMEA.split(',')],
    ...['Kyjiw', 'Kyjiv', 'Kyjev', 'Kijów', 'Kijev'],
    ...['Lviv', 'Lwiw', 'Lwów', 'Lvov', 'Львів', 'Львов', 'Lemberg', 'Leopoli', 'Leópolis'],
    ...['Харків', 'Харьков', 'Charkiw', 'Charkow', 'Charków', 'Kharkov', 'Járkov'],
    ...['Одеса', 'Одесса', 'Odessa', 'Дніпро', 'Днепр', 'Запоріжжя', 'Запорожье', 'Zaporizhzhia'],
    ...['Донецьк', 'Донецк', 'Donetsk', 'Donezk', 'Луганськ', 'Луганск', 'Luhansk', 'Маріуполь'],
    ...['Мариуполь', 'Mariupol', 'Херсон', 'Kherson', 'Cherson', 'Чернігів', 'Chernihiv'],
  ],
  'Europe/Chisinau': ['Kishinev', 'Kischinew', 'Кишинёв'],
  'Asia/Hebron': [
    ...['Ramallah', 'رام الله', 'Рамалла', 'Nablus', 'نابلس', 'Наблус'],
    ...[
      'Bethlehem',
      'بيت لحم',
      'Jenin',
      'جنين',
      'Jericho',
      'أريحا',
      'الخليل',
      'West Bank',
      ...PALESTINE,
    ],
  ],
  'Asia/Gaza': ['Rafah', 'رفح', 'خان يونس', ...PALESTINE],
  'Asia/Kabul': ['کابل', 'Herat', 'هرات', 'Kandahar', 'قندهار'],
  'Asia/Riyadh': ['مكة', 'مكة المكرمة', 'Mecca', 'Mekka', 'La Mecque', 'La Meca', 'Мекка'],
  UTC: ['Greenwich', 'غرينتش', 'جرينتش', 'Гринвич', 'Гринвичу', 'Ґринвіч', '格林威治', '格林尼治'],
  'Europe/Simferopol': CRIMEA.split(','),
  'Europe/London': BRITAIN.split(','),
  'Europe/Berlin': [
    ...LAENDER.split(','),
    'München',
    'Monaco di Baviera',
    'Мюнхен',
    'Köln',
    'Colonia',
    'Кёльн',
    'Гамбург',
    ...['Frankfurt', 'Frankfurt am Main', 'Francfort', 'Stuttgart', 'Düsseldorf', 'Leipzig'],
  ],
  'Europe/Rome': [
    'Milano',
    'Mailand',
    'Милан',
    'Napoli',
    'Neapel',
    'Torino',
    'Firenze',
    'Venezia',
    'Genova',
    'Genua',
    'Gênes',
  ],
  'Europe/Zurich': ['Genève', 'Genf', 'Ginevra', 'Ginebra', 'Женева', 'Bern', 'Berne'],
  'Europe/Warsaw': ['Warszawa', 'Kraków', 'Krakau', 'Danzig', 'Gdańsk'],
  'Europe/Prague': ['Praha'],
  'Europe/Bucharest': ['București'],
  'Europe/Belgrade': [
    ...['Beograd', 'Београд', 'Kosovo', 'Kosova', 'Косово', 'Pristina', 'Prishtina', 'Prishtinë'],
    ...['Priština', 'Приштина'],
  ],
  'Europe/Madrid': ['Sevilla', 'Séville', 'Siviglia', 'Bilbao', 'Valencia', 'Барселона']
    .concat(
      'Catalunya,Cataluña,Catalogne,Catalogna,Katalonien,Каталония,Euskadi,País Vasco'.split(','),
    )
    .concat('Andalucía,Galicia'.split(',')),
  'Atlantic/Canary': ['Canarias', 'Islas Canarias', 'Kanaren', 'Canary Islands'],
  'Europe/Amsterdam': ['Den Haag', 'La Haye', 'Гаага'],
  'Asia/Karachi': ['Islamabad', 'إسلام آباد', 'اسلام آباد', 'کراچی', 'لاہور'],
  'Europe/Lisbon': ['Lisboa'],
  'Europe/Copenhagen': ['København'],
  'America/New_York': ['Нью Йорк', 'Eastern', 'Washington DC', 'Washington, D.C.']
    .concat('Washington,DC,D.C.,NYC,NY,Florida,Massachusetts,Pennsylvania,Ohio'.split(','))
    .concat(AMERICA.split(',')),
  'America/Chicago': ['Central', 'Texas', 'Illinois', ...AMERICA.split(',')],
  'America/Denver': ['Mountain', 'Colorado', 'Utah'],
  'America/Phoenix': ['Arizona'],
  'Pacific/Honolulu': ['Hawaii', 'Hawaiʻi'],
  'America/Los_Angeles': ['Pacific', 'California', 'LA', 'L.A.', 'SF', ...AMERICA.split(',')],
  'America/Toronto': ['Québec', 'Quebec', 'Montréal', 'Ontario', 'HNE', 'HAE'],
  'America/Mexico_City': ['CDMX', 'DF', 'México DF'],
  'Asia/Baghdad': ['Kurdistan', 'Erbil', 'Hewlêr', 'هەولێر', 'کوردستان'],
  'Asia/Baku': ['Bakı'],
  'Asia/Tbilisi': ['თბილისი', 'Тифлис', 'Tiflis'],
  'Asia/Yerevan': ['Երևան', 'Erivan'],
  'Asia/Bangkok': ['กรุงเทพ', 'กรุงเทพมหานคร', 'กรุงเทพฯ'],
  'Asia/Phnom_Penh': ['ភ្នំពេញ'],
  'Asia/Vientiane': ['ວຽງຈັນ'],
  'Asia/Yangon': ['ရန်ကုန်', 'Rangoon'],
  'Asia/Colombo': ['கொழும்பு', 'කොළඹ'],
  'Asia/Dhaka': ['ঢাকা'],
  'Asia/Kathmandu': ['काठमाडौँ', 'काठमांडू'],
  'Africa/Addis_Ababa': ['አዲስ አበባ'],
  'Africa/Asmara': ['ኣስመራ', 'አስመራ'],
  'Africa/Lagos': ['Èkó', 'Abuja'],
  'America/Sao_Paulo': ['Brasilia', 'Brasília'],
};
