/** What each time zone is called after, by the Unicode CLDR 48 (Unicode License v3, https://www.unicode.org/license.txt); separated by tabs. */
export const CITY_NAMES = `zone	en	fr	it	ru	es	de	ar	uk
Africa/Abidjan	Abidjan	Abidjan	Abidjan	Абиджан	Abiyán	Abidjan	أبيدجان	Абіджан
Africa/Accra	Accra	Accra	Accra	Аккра	Acra	Accra	أكرا	Аккра
Africa/Addis_Ababa	Addis Ababa	Addis-Abeba	Addis Abeba	Аддис-Абеба	Adís Abeba	Addis Abeba	أديس أبابا	Аддис-Абеба
Africa/Algiers	Algiers	Alger	Algeri	Алжир	Argel	Algier	الجزائر	Алжир
Africa/Asmara	Asmara	Asmara	Asmara	Асмэра	Asmara	Asmara	أسمرة	Асмера
Africa/Asmera	Asmara	Asmara	Asmara	Асмэра	Asmara	Asmara	أسمرة	Асмера
Africa/Bamako	Bamako	Bamako	Bamako	Бамако	Bamako	Bamako	باماكو	Бамако
Africa/Bangui	Bangui	Bangui	Bangui	Банги	Bangui	Bangui	بانغوي	Банґі
Africa/Banjul	Banjul	Banjul	Banjul	Банжул	Banjul	Banjul	بانجول	Банжул
Africa/Bissau	Bissau	Bissau	Bissau	Бисау	Bisáu	Bissau	بيساو	Бісау
Africa/Blantyre	Blantyre	Blantyre	Blantyre	Блантайр	Blantyre	Blantyre	بلانتاير	Блантайр
Africa/Brazzaville	Brazzaville	Brazzaville	Brazzaville	Браззавиль	Brazzaville	Brazzaville	برازافيل	Браззавіль
Africa/Bujumbura	Bujumbura	Bujumbura	Bujumbura	Бужумбура	Bujumbura	Bujumbura	بوجومبورا	Бужумбура
Africa/Cairo	Cairo	Le Caire	Il Cairo	Каир	El Cairo	Kairo	القاهرة	Каїр
Africa/Casablanca	Casablanca	Casablanca	Casablanca	Касабланка	Casablanca	Casablanca	الدار البيضاء	Касабланка
Africa/Ceuta	Ceuta	Ceuta	Ceuta	Сеута	Ceuta	Ceuta	سيتا	Сеута
Africa/Conakry	Conakry	Conakry	Conakry	Конакри	Conakri	Conakry	كوناكري	Конакрі
Africa/Dakar	Dakar	Dakar	Dakar	Дакар	Dakar	Dakar	داكار	Дакар
Africa/Dar_es_Salaam	Dar es Salaam	Dar es Salaam	Dar es Salaam	Дар-эс-Салам	Dar es-Salam	Daressalam	دار السلام	Дар-ес-Салам
Africa/Djibouti	Djibouti	Djibouti	Gibuti	Джибути	Yibuti	Dschibuti	جيبوتي	Джібуті
Africa/Douala	Douala	Douala	Douala	Дуала	Duala	Douala	دوالا	Дуала
Africa/El_Aaiun	El Aaiún	Laâyoune	El Ayun	Эль-Аюн	El Aaiún	El Aaiún	العيون	Ель-Аюн
Africa/Freetown	Freetown	Freetown	Freetown	Фритаун	Freetown	Freetown	فري تاون	Фрітаун
Africa/Gaborone	Gaborone	Gaborone	Gaborone	Габороне	Gaborone	Gaborone	غابورون	Ґабороне
Africa/Harare	Harare	Harare	Harare	Хараре	Harare	Harare	هراري	Хараре
Africa/Johannesburg	Johannesburg	Johannesburg	Johannesburg	Йоханнесбург	Johannesburgo	Johannesburg	جوهانسبرغ	Йоганнесбурґ
Africa/Juba	Juba	Juba	Giuba	Джуба	Juba	Juba	جوبا	Джуба
Africa/Kampala	Kampala	Kampala	Kampala	Кампала	Kampala	Kampala	كامبالا	Кампала
Africa/Khartoum	Khartoum	Khartoum	Khartum	Хартум	Jartum	Khartum	الخرطوم	Хартум
Africa/Kigali	Kigali	Kigali	Kigali	Кигали	Kigali	Kigali	كيغالي	Кігалі
Africa/Kinshasa	Kinshasa	Kinshasa	Kinshasa	Киншаса	Kinshasa	Kinshasa	كينشاسا	Кіншаса
Africa/Lagos	Lagos	Lagos	Lagos	Лагос	Lagos	Lagos	لاغوس	Лаґос
Africa/Libreville	Libreville	Libreville	Libreville	Либревиль	Libreville	Libreville	ليبرفيل	Лібревіль
Africa/Lome	Lomé	Lomé	Lomé	Ломе	Lomé	Lomé	لومي	Ломе
Africa/Luanda	Luanda	Luanda	Luanda	Луанда	Luanda	Luanda	لواندا	Луанда
Africa/Lubumbashi	Lubumbashi	Lubumbashi	Lubumbashi	Лубумбаши	Lubumbashi	Lubumbashi	لومبباشا	Лубумбаші
Africa/Lusaka	Lusaka	Lusaka	Lusaka	Лусака	Lusaka	Lusaka	لوساكا	Лусака
Africa/Malabo	Malabo	Malabo	Malabo	Малабо	Malabo	Malabo	مالابو	Малабо
Africa/Maputo	Maputo	Maputo	Maputo	Мапуту	Maputo	Maputo	مابوتو	Мапуту
Africa/Maseru	Maseru	Maseru	Maseru	Масеру	Maseru	Maseru	ماسيرو	Масеру
Africa/Mbabane	Mbabane	Mbabane	Mbabane	Мбабане	Mbabane	Mbabane	مباباني	Мбабане
Africa/Mogadishu	Mogadishu	Mogadiscio	Mogadiscio	Могадишо	Mogadiscio	Mogadischu	مقديشيو	Моґадішо
Africa/Monrovia	Monrovia	Monrovia	Monrovia	Монровия	Monrovia	Monrovia	مونروفيا	Монровія
Africa/Nairobi	Nairobi	Nairobi	Nairobi	Найроби	Nairobi	Nairobi	نيروبي	Найробі
Africa/Ndjamena	N’Djamena	N’Djamena	N’Djamena	Нджамена	Yamena	N’Djamena	نجامينا	Нджамена
Africa/Niamey	Niamey	Niamey	Niamey	Ниамей	Niamey	Niamey	نيامي	Ніамей
Africa/Nouakchott	Nouakchott	Nouakchott	Nouakchott	Нуакшот	Nuakchot	Nouakchott	نواكشوط	Нуакшотт
Africa/Ouagadougou	Ouagadougou	Ouagadougou	Ouagadougou	Уагадугу	Uagadugú	Ouagadougou	واغادوغو	Уаґадуґу
Africa/Porto-Novo	Porto-Novo	Porto-Novo	Porto-Novo	Порто-Ново	Portonovo	Porto Novo	بورتو نوفو	Порто-Ново
Africa/Sao_Tome	São Tomé	São Tomé	São Tomé	Сан-Томе	Santo Tomé	São Tomé	ساو تومي	Сан-Томе
Africa/Tripoli	Tripoli	Tripoli (Libye)	Tripoli	Триполи	Trípoli	Tripolis	طرابلس	Триполі
Africa/Tunis	Tunis	Tunis	Tunisi	Тунис	Túnez	Tunis	تونس	Туніс
Africa/Windhoek	Windhoek	Windhoek	Windhoek	Виндхук	Windhoek	Windhoek	ويندهوك	Віндгук
America/Adak	Adak	Adak	Adak	Адак	Adak	Adak	أداك	Адак
America/Anchorage	Anchorage	Anchorage	Anchorage	Анкоридж	Anchorage	Anchorage	أنشوراج	Анкоридж
America/Anguilla	Anguilla	Anguilla	Anguilla	Ангилья	Anguila	Anguilla	أنغويلا	Анґілья
America/Antigua	Antigua	Antigua	Antigua	Антигуа	Antigua	Antigua	أنتيغوا	Антиґуа
America/Araguaina	Araguaína	Araguaína	Araguaína	Арагуаина	Araguaína	Araguaína	أروجوانيا	Араґуаіна
America/Argentina/Buenos_Aires	Buenos Aires	Buenos Aires	Buenos Aires	Буэнос-Айрес	Buenos Aires	Buenos Aires	بوينوس أيرس	Буенос-Айрес
America/Argentina/Cordoba	Córdoba	Córdoba	Córdoba	Кордова	Córdoba	Córdoba	كوردوبا	Кордова
America/Argentina/La_Rioja	La Rioja	La Rioja	La Rioja	Ла-Риоха	La Rioja	La Rioja	لا ريوجا	Ла-Ріоха
America/Argentina/Rio_Gallegos	Río Gallegos	Río Gallegos	Río Gallegos	Рио-Гальегос	Río Gallegos	Río Gallegos	ريو جالييوس	Ріо-Ґальєґос
America/Argentina/Salta	Salta	Salta	Salta	Сальта	Salta	Salta	سالطا	Сальта
America/Argentina/San_Juan	San Juan	San Juan	San Juan	Сан-Хуан	San Juan	San Juan	سان خوان	Сан-Хуан
America/Argentina/San_Luis	San Luis	San Luis	San Luis	Сан-Луис	San Luis	San Luis	سان لويس	Сан-Луїс
America/Argentina/Tucuman	Tucumán	Tucumán	Tucumán	Тукуман	Tucumán	Tucumán	تاكمان	Тукуман
America/Argentina/Ushuaia	Ushuaia	Ushuaïa	Ushuaia	Ушуая	Ushuaia	Ushuaia	أشوا	Ушуая
America/Aruba	Aruba	Aruba	Aruba	Аруба	Aruba	Aruba	أروبا	Аруба
America/Asuncion	Asunción	Asunción	Asunción	Асунсьон	Asunción	Asunción	أسونسيون	Асунсьйон
America/Bahia	Bahia	Bahia	Bahia	Баия	Bahía	Bahia	باهيا	Байя
America/Bahia_Banderas	Bahía de Banderas	Bahia de Banderas	Bahía de Banderas	Баия-де-Бандерас	Bahía de Banderas	Bahia Banderas	باهيا بانديراس	Баїя Бандерас
America/Barbados	Barbados	La Barbade	Barbados	Барбадос	Barbados	Barbados	بربادوس	Барбадос
America/Belem	Belém	Belém	Belém	Белен	Belén	Belém	بلم	Белен
America/Belize	Belize	Belize	Belize	Белиз	Belice	Belize	بليز	Беліз
America/Blanc-Sablon	Blanc-Sablon	Blanc-Sablon	Blanc-Sablon	Бланк-Саблон	Blanc-Sablon	Blanc-Sablon	بلانك-سابلون	Блан-Саблон
America/Boa_Vista	Boa Vista	Boa Vista	Boa Vista	Боа-Виста	Boa Vista	Boa Vista	باو فيستا	Боа-Віста
America/Bogota	Bogotá	Bogotá	Bogotá	Богота	Bogotá	Bogotá	بوغوتا	Боґота
America/Boise	Boise	Boise	Boise	Бойсе	Boise	Boise	بويس	Бойсе
America/Buenos_Aires	Buenos Aires	Buenos Aires	Buenos Aires	Буэнос-Айрес	Buenos Aires	Buenos Aires	بوينوس أيرس	Буенос-Айрес
America/Cambridge_Bay	Cambridge Bay	Cambridge Bay	Cambridge Bay	Кеймбридж-Бей	Cambridge Bay	Cambridge Bay	كامبرديج باي	Кеймбрідж-Бей
America/Campo_Grande	Campo Grande	Campo Grande	Campo Grande	Кампу-Гранди	Campo Grande	Campo Grande	كومبو جراند	Кампу-Ґранді
America/Cancun	Cancún	Cancún	Cancún	Канкун	Cancún	Cancún	كانكون	Канкун
America/Caracas	Caracas	Caracas	Caracas	Каракас	Caracas	Caracas	كاراكاس	Каракас
America/Catamarca	Catamarca	Catamarca	Catamarca	Катамарка	Catamarca	Catamarca	كاتاماركا	Катамарка
America/Cayenne	Cayenne	Cayenne	Caienna	Кайенна	Cayena	Cayenne	كايين	Каєнна
America/Cayman	Cayman	Caïmans	Cayman	Острова Кайман	Caimán	Kaimaninseln	كايمان	Кайманові Острови
America/Chicago	Chicago	Chicago	Chicago	Чикаго	Chicago	Chicago	شيكاغو	Чікаґо
America/Chihuahua	Chihuahua	Chihuahua	Chihuahua	Чиуауа	Chihuahua	Chihuahua	تشيواوا	Чіуауа
America/Ciudad_Juarez	Ciudad Juárez	Ciudad Juárez	Ciudad Juárez	Сьюдад-Хуарес	Ciudad Juárez	Ciudad Juárez	سيوداد خواريز	С’юдад-Хуарес
America/Coral_Harbour	Atikokan	Atikokan	Atikokan	Корал-Харбор	Atikokan	Atikokan	كورال هاربر	Атікокан
America/Cordoba	Córdoba	Córdoba	Córdoba	Кордова	Córdoba	Córdoba	كوردوبا	Кордова
America/Costa_Rica	Costa Rica	Costa Rica	Costa Rica	Коста-Рика	Costa Rica	Costa Rica	كوستاريكا	Коста-Ріка
America/Coyhaique	Coyhaique	Coyhaique	Coyhaique	Койайке	Coyhaique	Coyhaique	كويهايكيو	Кояїке
America/Creston	Creston	Creston	Creston	Крестон	Creston	Creston	كريستون	Крестон
America/Cuiaba	Cuiabá	Cuiabá	Cuiabá	Куяба	Cuiabá	Cuiabá	كيابا	Куяба
America/Curacao	Curaçao	Curaçao	Curaçao	Кюрасао	Curazao	Curaçao	كوراساو	Кюрасао
America/Danmarkshavn	Danmarkshavn	Danmarkshavn	Danmarkshavn	Денмарксхавн	Danmarkshavn	Danmarkshavn	دانمرك شافن	Денмарксхавн
America/Dawson	Dawson	Dawson	Dawson	Доусон	Dawson	Dawson	داوسان	Доусон
America/Dawson_Creek	Dawson Creek	Dawson Creek	Dawson Creek	Доусон-Крик	Dawson Creek	Dawson Creek	داوسن كريك	Доусон-Крік
America/Denver	Denver	Denver	Denver	Денвер	Denver	Denver	دنفر	Денвер
America/Detroit	Detroit	Détroit	Detroit	Детройт	Detroit	Detroit	ديترويت	Детройт
America/Dominica	Dominica	Dominique	Dominica	Доминика	Dominica	Dominica	دومينيكا	Домініка
America/Edmonton	Edmonton	Edmonton	Edmonton	Эдмонтон	Edmonton	Edmonton	ايدمونتون	Едмонтон
America/Eirunepe	Eirunepé	Eirunepé	Eirunepé	Эйрунепе	Eirunepé	Eirunepé	ايرونبي	Ейрунепе
America/El_Salvador	El Salvador	El Salvador	El Salvador	Сальвадор	El Salvador	El Salvador	السلفادور	Сальвадор
America/Fort_Nelson	Fort Nelson	Fort Nelson	Fort Nelson	Форт Нельсон	Fort Nelson	Fort Nelson	فورت نيلسون	Форт Нельсон
America/Fortaleza	Fortaleza	Fortaleza	Fortaleza	Форталеза	Fortaleza	Fortaleza	فورتاليزا	Форталеза
America/Glace_Bay	Glace Bay	Glace Bay	Glace Bay	Глейс-Бей	Glace Bay	Glace Bay	جلاس باي	Ґлейс-Бей
America/Godthab	Nuuk	Nuuk	Nuuk	Нуук	Nuuk	Nuuk	غودثاب	Нуук
America/Goose_Bay	Goose Bay	Goose Bay	Goose Bay	Гус-Бей	Goose Bay	Goose Bay	جوس باي	Ґус-Бей
America/Grand_Turk	Grand Turk	Grand Turk	Grand Turk	Гранд-Терк	Gran Turca	Grand Turk	غراند ترك	Ґранд-Терк
America/Grenada	Grenada	Grenade	Grenada	Гренада	Granada	Grenada	غرينادا	Ґренада
America/Guadeloupe	Guadeloupe	Guadeloupe	Guadalupa	Гваделупа	Guadalupe	Guadeloupe	غوادلوب	Ґваделупа
America/Guatemala	Guatemala	Guatemala	Guatemala	Гватемала	Guatemala	Guatemala	غواتيمالا	Ґватемала
America/Guayaquil	Guayaquil	Guayaquil	Guayaquil	Гуаякиль	Guayaquil	Guayaquil	غواياكويل	Ґуаякіль
America/Guyana	Guyana	Guyana	Guyana	Гайана	Guyana	Guyana	غيانا	Ґайана
America/Halifax	Halifax	Halifax	Halifax	Галифакс	Halifax	Halifax	هاليفاكس	Галіфакс
America/Havana	Havana	La Havane	L’Avana	Гавана	La Habana	Havanna	هافانا	Гавана
America/Hermosillo	Hermosillo	Hermosillo	Hermosillo	Эрмосильо	Hermosillo	Hermosillo	هيرموسيلو	Ермосільйо
America/Indiana/Indianapolis	Indianapolis	Indianapolis	Indianapolis	Индианаполис	Indianápolis	Indianapolis	إنديانابوليس	Індіанаполіс
America/Indiana/Knox	Knox, Indiana	Knox [Indiana]	Knox, Indiana	Нокс, Индиана	Knox, Indiana	Knox, Indiana	كونكس	Нокс, Індіана
America/Indiana/Marengo	Marengo, Indiana	Marengo [Indiana]	Marengo, Indiana	Маренго, Индиана	Marengo, Indiana	Marengo, Indiana	مارنجو	Маренго, Індіана
America/Indiana/Petersburg	Petersburg, Indiana	Petersburg [Indiana]	Petersburg, Indiana	Питерсберг, Индиана	Petersburg, Indiana	Petersburg, Indiana	بيترسبرغ	Пітерсберг, Індіана
America/Indiana/Tell_City	Tell City, Indiana	Tell City [Indiana]	Tell City, Indiana	Телл-Сити	Tell City, Indiana	Tell City, Indiana	مدينة تل، إنديانا	Телл-Сіті, Індіана
America/Indiana/Vevay	Vevay, Indiana	Vevay [Indiana]	Vevay, Indiana	Вевей, Индиана	Vevay, Indiana	Vevay, Indiana	فيفاي	Вівей, Індіана
America/Indiana/Vincennes	Vincennes, Indiana	Vincennes [Indiana]	Vincennes, Indiana	Винсеннес	Vincennes, Indiana	Vincennes, Indiana	فينسينس	Вінсенс, Індіана
America/Indiana/Winamac	Winamac, Indiana	Winamac [Indiana]	Winamac, Indiana	Уинамак	Winamac, Indiana	Winamac, Indiana	ويناماك	Вінамак, Індіана
America/Indianapolis	Indianapolis	Indianapolis	Indianapolis	Индианаполис	Indianápolis	Indianapolis	إنديانابوليس	Індіанаполіс
America/Inuvik	Inuvik	Inuvik	Inuvik	Инувик	Inuvik	Inuvik	اينوفيك	Інувік
America/Iqaluit	Iqaluit	Iqaluit	Iqaluit	Икалуит	Iqaluit	Iqaluit	اكويلت	Ікалуїт
America/Jamaica	Jamaica	Jamaïque	Giamaica	Ямайка	Jamaica	Jamaika	جامايكا	Ямайка
America/Jujuy	Jujuy	Jujuy	Jujuy	Жужуй	Jujuy	Jujuy	جوجو	Жужуй
America/Juneau	Juneau	Juneau	Juneau	Джуно	Juneau	Juneau	جوني	Джуно
America/Kentucky/Louisville	Louisville	Louisville	Louisville	Луисвилл	Louisville	Louisville	لويس فيل	Луїсвілл
America/Kentucky/Monticello	Monticello, Kentucky	Monticello [Kentucky]	Monticello, Kentucky	Монтиселло, Кентукки	Monticello, Kentucky	Monticello, Kentucky	مونتيسيلو	Монтіселло, Кентуккі
America/Kralendijk	Kralendijk	Kralendijk	Kralendijk	Кралендейк	Kralendijk	Kralendijk	كرالنديك	Кралендейк
America/La_Paz	La Paz	La Paz	La Paz	Ла-Пас	La Paz	La Paz	لا باز	Ла-Пас
America/Lima	Lima	Lima	Lima	Лима	Lima	Lima	ليما	Ліма
America/Los_Angeles	Los Angeles	Los Angeles	Los Angeles	Лос-Анджелес	Los Ángeles	Los Angeles	لوس انجلوس	Лос-Анджелес
America/Louisville	Louisville	Louisville	Louisville	Луисвилл	Louisville	Louisville	لويس فيل	Луїсвілл
America/Lower_Princes	Lower Prince’s Quarter	Lower Prince’s Quarter	Lower Prince’s Quarter	Лоуэр-Принс-Куотер	Lower Prince’s Quarter	Lower Prince’s Quarter	حي الأمير السفلي	Лоуер-Принсес-Квотер
America/Maceio	Maceió	Maceió	Maceió	Масейо	Maceió	Maceió	ماشيو	Масейо
America/Managua	Managua	Managua	Managua	Манагуа	Managua	Managua	ماناغوا	Манаґуа
America/Manaus	Manaus	Manaos	Manaus	Манаус	Manaos	Manaus	ماناوس	Манаус
America/Marigot	Marigot	Marigot	Marigot	Мариго	Marigot	Marigot	ماريغوت	Маріґо
America/Martinique	Martinique	Martinique	Martinica	Мартиника	Martinica	Martinique	المارتينيك	Мартініка
America/Matamoros	Matamoros	Matamoros	Matamoros	Матаморос	Matamoros	Matamoros	ماتاموروس	Матаморос
America/Mazatlan	Mazatlán	Mazatlán	Mazatlán	Масатлан	Mazatlán	Mazatlán	مازاتلان	Масатлан
America/Mendoza	Mendoza	Mendoza	Mendoza	Мендоса	Mendoza	Mendoza	ميندوزا	Мендоса
America/Menominee	Menominee	Menominee	Menominee	Меномини	Menominee	Menominee	مينوميني	Меноміні
America/Merida	Mérida	Mérida	Mérida	Мерида	Mérida	Merida	ميريدا	Меріда
America/Metlakatla	Metlakatla	Metlakatla	Metlakatla	Метлакатла	Metlakatla	Metlakatla	ميتلاكاتلا	Метлакатла
America/Mexico_City	Mexico City	Mexico	Città del Messico	Мехико	Ciudad de México	Mexiko-Stadt	مكسيكو سيتي	Мехіко
America/Miquelon	Saint-Pierre	Saint-Pierre	Saint-Pierre	Микелон	Miquelón	Saint-Pierre	مكويلون	Мікелон
America/Moncton	Moncton	Moncton	Moncton	Монктон	Moncton	Moncton	وينكتون	Монктон
America/Monterrey	Monterrey	Monterrey	Monterrey	Монтеррей	Monterrey	Monterrey	مونتيري	Монтерей
America/Montevideo	Montevideo	Montevideo	Montevideo	Монтевидео	Montevideo	Montevideo	مونتفيديو	Монтевідео
America/Montserrat	Montserrat	Montserrat	Montserrat	Монтсеррат	Montserrat	Montserrat	مونتسيرات	Монтсеррат
America/Nassau	Nassau	Nassau	Nassau	Нассау	Nassau	Nassau	ناسو	Насау
America/New_York	New York	New York	New York	Нью-Йорк	Nueva York	New York	نيويورك	Нью-Йорк
America/Nome	Nome	Nome	Nome	Ном	Nome	Nome	نوم	Ном
America/Noronha	Fernando de Noronha	Fernando de Noronha	Fernando de Noronha	Норонья	Fernando de Noronha	Fernando de Noronha	نوروناه	Норонья
America/North_Dakota/Beulah	Beulah, North Dakota	Beulah (Dakota du Nord)	Beulah, Dakota del nord	Бойла, Северная Дакота	Beulah, Dakota del Norte	Beulah, North Dakota	بيولا، داكوتا الشمالية	Бʼюла, Північна Дакота
America/North_Dakota/Center	Center, North Dakota	Center (Dakota du Nord)	Center, Dakota del nord	Центр, Северная Дакота	Center, Dakota del Norte	Center, North Dakota	سنتر	Сентр, Північна Дакота
America/North_Dakota/New_Salem	New Salem, North Dakota	New Salem (Dakota du Nord)	New Salem, Dakota del nord	Нью-Сейлем, Северная Дакота	New Salem, Dakota del Norte	New Salem, North Dakota	نيو ساليم	Нью-Салем, Північна Дакота
America/Nuuk	Nuuk	Nuuk	Nuuk	Нуук	Nuuk	Nuuk	غودثاب	Нуук
America/Ojinaga	Ojinaga	Ojinaga	Ojinaga	Охинага	Ojinaga	Ojinaga	أوجيناجا	Охінаґа
America/Panama	Panama	Panama	Panama	Панама	Panamá	Panama	بنما	Панама
America/Paramaribo	Paramaribo	Paramaribo	Paramaribo	Парамарибо	Paramaribo	Paramaribo	باراماريبو	Парамарибо
America/Phoenix	Phoenix	Phoenix	Phoenix	Финикс	Phoenix	Phoenix	فينكس	Фінікс
America/Port-au-Prince	Port-au-Prince	Port-au-Prince	Port-au-Prince	Порт-о-Пренс	Puerto Príncipe	Port-au-Prince	بورت أو برنس	Порт-о-Пренс
America/Port_of_Spain	Port of Spain	Port-d’Espagne	Port of Spain	Порт-оф-Спейн	Puerto España	Port of Spain	بورت أوف سبين	Порт-оф-Спейн
America/Porto_Velho	Porto Velho	Porto Velho	Porto Velho	Порту-Велью	Porto Velho	Porto Velho	بورتو فيلو	Порту-Велью
America/Puerto_Rico	Puerto Rico	Porto Rico	Portorico	Пуэрто-Рико	Puerto Rico	Puerto Rico	بورتوريكو	Пуерто-Ріко
America/Punta_Arenas	Punta Arenas	Punta Arenas	Punta Arenas	Пунта-Аренас	Punta Arenas	Punta Arenas	بونتا أريناز	Пунта-Аренас
America/Rankin_Inlet	Rankin Inlet	Rankin Inlet	Rankin Inlet	Ранкин-Инлет	Rankin Inlet	Rankin Inlet	رانكن انلت	Ренкін-Інлет
America/Recife	Recife	Recife	Recife	Ресифи	Recife	Recife	ريسيف	Ресіфі
America/Regina	Regina	Regina	Regina	Реджайна	Regina	Regina	ريجينا	Реджайна
America/Resolute	Resolute	Resolute	Resolute	Резольют	Resolute	Resolute	ريزولوت	Резольют
America/Rio_Branco	Rio Branco	Rio Branco	Rio Branco	Риу-Бранку	Río Branco	Rio Branco	ريوبرانكو	Ріо-Бранко
America/Santarem	Santarém	Santarém	Santarém	Сантарен	Santarém	Santarém	سانتاريم	Сантарен
America/Santiago	Santiago	Santiago	Santiago	Сантьяго	Santiago de Chile	Santiago	سانتياغو	Сантьяґо
America/Santo_Domingo	Santo Domingo	Saint-Domingue	Santo Domingo	Санто-Доминго	Santo Domingo	Santo Domingo	سانتو دومينغو	Санто-Домінґо
America/Sao_Paulo	São Paulo	São Paulo	San Paolo	Сан-Паулу	São Paulo	São Paulo	ساو باولو	Сан-Паулу
America/Scoresbysund	Ittoqqortoormiit	Ittoqqortoormiit	Ittoqqortoormiit	Скорсбисунн	Ittoqqortoormiit	Ittoqqortoormiit	سكورسبيسند	Іттоккортоорміут
America/Sitka	Sitka	Sitka	Sitka	Ситка	Sitka	Sitka	سيتكا	Сітка
America/St_Barthelemy	St. Barthélemy	Saint-Barthélemy	Saint-Barthélemy	Сен-Бартелеми	San Bartolomé	Saint-Barthélemy	سانت بارتيليمي	Сен-Бартелемі
America/St_Johns	St. John’s	Saint-Jean de Terre-Neuve	St. John’s	Сент-Джонс	San Juan de Terranova	St. John’s	سانت جونس	Сент-Джонс
America/St_Kitts	St. Kitts	Saint-Christophe	St. Kitts	Сент-Китс	San Cristóbal	St. Kitts	سانت كيتس	Сент-Кіттс
America/St_Lucia	St. Lucia	Sainte-Lucie	Santa Lucia	Сент-Люсия	Santa Lucía	St. Lucia	سانت لوشيا	Сент-Люсія
America/St_Thomas	St. Thomas	Saint-Thomas	Saint Thomas	Сент-Томас	St. Thomas	St. Thomas	سانت توماس	Сент-Томас
America/St_Vincent	St. Vincent	Saint-Vincent	Saint Vincent	Сент-Винсент	San Vicente	St. Vincent	سانت فنسنت	Сент-Вінсент
America/Swift_Current	Swift Current	Swift Current	Swift Current	Свифт-Керрент	Swift Current	Swift Current	سوفت كارنت	Свіфт-Каррент
America/Tegucigalpa	Tegucigalpa	Tegucigalpa	Tegucigalpa	Тегусигальпа	Tegucigalpa	Tegucigalpa	تيغوسيغالبا	Теґусіґальпа
America/Thule	Thule	Thulé	Thule	Туле	Thule	Thule	ثيل	Туле
America/Tijuana	Tijuana	Tijuana	Tijuana	Тихуана	Tijuana	Tijuana	تيخوانا	Тіхуана
America/Toronto	Toronto	Toronto	Toronto	Торонто	Toronto	Toronto	تورونتو	Торонто
America/Tortola	Tortola	Tortola	Tortola	Тортола	Tórtola	Tortola	تورتولا	Тортола
America/Vancouver	Vancouver	Vancouver	Vancouver	Ванкувер	Vancouver	Vancouver	فانكوفر	Ванкувер
America/Whitehorse	Whitehorse	Whitehorse	Whitehorse	Уайтхорс	Whitehorse	Whitehorse	وايت هورس	Вайтгорс
America/Winnipeg	Winnipeg	Winnipeg	Winnipeg	Виннипег	Winnipeg	Winnipeg	وينيبيج	Вінніпеґ
America/Yakutat	Yakutat	Yakutat	Yakutat	Якутат	Yakutat	Yakutat	ياكوتات	Якутат
Arctic/Longyearbyen	Longyearbyen	Longyearbyen	Longyearbyen	Лонгйир	Longyearbyen	Longyearbyen	لونجيربين	Лонгʼїр
Asia/Aden	Aden	Aden	Aden	Аден	Adén	Aden	عدن	Аден
Asia/Almaty	Almaty	Alma Ata	Almaty	Алматы	Almaty	Almaty	ألماتي	Алмати
Asia/Amman	Amman	Amman	Amman	Амман	Ammán	Amman	عمّان	Амман
Asia/Anadyr	Anadyr	Anadyr	Anadyr’	Анадырь	Anádyr	Anadyr	أندير	Анадир
Asia/Aqtau	Aktau	Aktaou	Aktau	Актау	Aktau	Aktau	أكتاو	Актау
Asia/Aqtobe	Aqtobe	Aktioubinsk	Aqtöbe	Актобе	Aktobe	Aktobe	أكتوب	Актобе
Asia/Ashgabat	Ashgabat	Achgabat	Ashgabat	Ашхабад	Asjabad	Aşgabat	عشق آباد	Ашгабат
Asia/Atyrau	Atyrau	Atyraou	Atyrau	Атырау	Atyrau	Atyrau	أتيراو	Атирау
Asia/Baghdad	Baghdad	Bagdad	Baghdad	Багдад	Bagdad	Bagdad	بغداد	Багдад
Asia/Bahrain	Bahrain	Bahreïn	Bahrein	Бахрейн	Baréin	Bahrain	البحرين	Бахрейн
Asia/Baku	Baku	Bakou	Baku	Баку	Bakú	Baku	باكو	Баку
Asia/Bangkok	Bangkok	Bangkok	Bangkok	Бангкок	Bangkok	Bangkok	بانكوك	Бангкок
Asia/Barnaul	Barnaul	Barnaul	Barnaul	Барнаул	Barnaúl	Barnaul	بارناول	Барнаул
Asia/Beirut	Beirut	Beyrouth	Beirut	Бейрут	Beirut	Beirut	بيروت	Бейрут
Asia/Bishkek	Bishkek	Bichkek	Bishkek	Бишкек	Bishkek	Bischkek	بشكيك	Бішкек
Asia/Brunei	Brunei	Brunei	Brunei	Бруней	Brunéi	Brunei Darussalam	بروناي	Бруней
Asia/Calcutta	Kolkata	Calcutta	Calcutta	Калькутта	Calcuta	Kalkutta	كالكتا	Колката
Asia/Chita	Chita	Tchita	Čita	Чита	Chitá	Tschita	تشيتا	Чита
Asia/Colombo	Colombo	Colombo	Colombo	Коломбо	Colombo	Colombo	كولومبو	Коломбо
Asia/Damascus	Damascus	Damas	Damasco	Дамаск	Damasco	Damaskus	دمشق	Дамаск
Asia/Dhaka	Dhaka	Dhaka	Dacca	Дакка	Daca	Dhaka	دكا	Дакка
Asia/Dili	Dili	Dili	Dili	Дили	Dili	Dili	ديلي	Ділі
Asia/Dubai	Dubai	Dubaï	Dubai	Дубай	Dubái	Dubai	دبي	Дубай
Asia/Dushanbe	Dushanbe	Douchanbé	Dushanbe	Душанбе	Dusambé	Duschanbe	دوشانبي	Душанбе
Asia/Famagusta	Famagusta	Famagouste	Famagosta	Фамагуста	Famagusta	Famagusta	فاماغوستا	Фамагуста
Asia/Gaza	Gaza	Gaza	Gaza	Газа	Gaza	Gaza	غزة	Газа
Asia/Hebron	Hebron	Hébron	Hebron	Хеврон	Hebrón	Hebron	هيبرون (مدينة الخليل)	Хеврон
Asia/Ho_Chi_Minh	Ho Chi Minh City	Hô-Chi-Minh-Ville	Ho Chi Minh	Хошимин	Ciudad Ho Chi Minh	Ho-Chi-Minh-Stadt	مدينة هو تشي منة	Хошимін
Asia/Hong_Kong	Hong Kong	Hong Kong	Hong Kong	Гонконг	Hong Kong	Hongkong	هونغ كونغ	Гонконг
Asia/Hovd	Khovd	Khovd	Khovd	Ховд	Khovd	Chowd	هوفد	Ховд
Asia/Irkutsk	Irkutsk	Irkoutsk	Irkutsk	Иркутск	Irkutsk	Irkutsk	ايركيتسك	Іркутськ
Asia/Jakarta	Jakarta	Jakarta	Giacarta	Джакарта	Yakarta	Jakarta	جاكرتا	Джакарта
Asia/Jayapura	Jayapura	Jayapura	Jayapura	Джаяпура	Jayapura	Jayapura	جايابيورا	Джайпур
Asia/Jerusalem	Jerusalem	Jérusalem	Gerusalemme	Иерусалим	Jerusalén	Jerusalem	القدس	Єрусалим
Asia/Kabul	Kabul	Kaboul	Kabul	Кабул	Kabul	Kabul	كابول	Кабул
Asia/Kamchatka	Kamchatka	Kamtchatka	Kamchatka	Петропавловск-Камчатский	Kamchatka	Kamtschatka	كامتشاتكا	Камчатка
Asia/Karachi	Karachi	Karachi	Karachi	Карачи	Karachi	Karatschi	كراتشي	Карачі
Asia/Kathmandu	Kathmandu	Katmandou	Kathmandu	Катманду	Katmandú	Kathmandu	كاتماندو	Катманду
Asia/Katmandu	Kathmandu	Katmandou	Kathmandu	Катманду	Katmandú	Kathmandu	كاتماندو	Катманду
Asia/Khandyga	Khandyga	Khandyga	Chandyga	Хандыга	Khandiga	Chandyga	خانديجا	Хандига
Asia/Kolkata	Kolkata	Calcutta	Calcutta	Калькутта	Calcuta	Kalkutta	كالكتا	Колката
Asia/Krasnoyarsk	Krasnoyarsk	Krasnoïarsk	Krasnojarsk	Красноярск	Krasnoyarsk	Krasnojarsk	كراسنويارسك	Красноярськ
Asia/Kuala_Lumpur	Kuala Lumpur	Kuala Lumpur	Kuala Lumpur	Куала-Лумпур	Kuala Lumpur	Kuala Lumpur	كوالا لامبور	Куала-Лумпур
Asia/Kuching	Kuching	Kuching	Kuching	Кучинг	Kuching	Kuching	كيشينج	Кучинг
Asia/Kuwait	Kuwait	Koweït	Kuwait	Кувейт	Kuwait	Kuwait	الكويت	Кувейт
Asia/Macau	Macao	Macao	Macao	Макао	Macao	Macau	ماكاو	Макао
Asia/Magadan	Magadan	Magadan	Magadan	Магадан	Magadán	Magadan	مجادن	Магадан
Asia/Makassar	Makassar	Macassar	Makassar	Макасар	Makasar	Makassar	ماكسار	Макассар
Asia/Manila	Manila	Manille	Manila	Манила	Manila	Manila	مانيلا	Маніла
Asia/Muscat	Muscat	Mascate	Mascate	Маскат	Mascate	Maskat	مسقط	Маскат
Asia/Nicosia	Nicosia	Nicosie	Nicosia	Никосия	Nicosia	Nikosia	نيقوسيا	Нікосія
Asia/Novokuznetsk	Novokuznetsk	Novokuznetsk	Novokuzneck	Новокузнецк	Novokuznetsk	Nowokuznetsk	نوفوكوزنتسك	Новокузнецьк
Asia/Novosibirsk	Novosibirsk	Novossibirsk	Novosibirsk	Новосибирск	Novosibirsk	Nowosibirsk	نوفوسبيرسك	Новосибірськ
Asia/Omsk	Omsk	Omsk	Omsk	Омск	Omsk	Omsk	أومسك	Омськ
Asia/Oral	Oral	Ouralsk	Oral	Уральск	Oral	Oral	أورال	Орал
Asia/Phnom_Penh	Phnom Penh	Phnom Penh	Phnom Penh	Пномпень	Phnom Penh	Phnom Penh	بنوم بنه	Пномпень
Asia/Pontianak	Pontianak	Pontianak	Pontianak	Понтианак	Pontianak	Pontianak	بونتيانك	Понтіанак
Asia/Pyongyang	Pyongyang	Pyongyang	Pyongyang	Пхеньян	Pyongyang	Pjöngjang	بيونغ يانغ	Пхеньян
Asia/Qatar	Qatar	Qatar	Qatar	Катар	Catar	Katar	قطر	Катар
Asia/Qostanay	Kostanay	Kostanaï	Kostanay	Костанай	Kostanái	Qostanai	قوستاناي	Костанай
Asia/Qyzylorda	Kyzylorda	Kzyl Orda	Kyzylorda	Кызылорда	Kyzylorda	Qysylorda	كيزيلوردا	Кизилорда
Asia/Rangoon	Yangon	Rangoun	Rangoon	Янгон	Yangón (Rangún)	Rangun	رانغون	Янгон
Asia/Riyadh	Riyadh	Riyad	Riyad	Эр-Рияд	Riad	Riad	الرياض	Ер-Ріяд
Asia/Saigon	Ho Chi Minh City	Hô-Chi-Minh-Ville	Ho Chi Minh	Хошимин	Ciudad Ho Chi Minh	Ho-Chi-Minh-Stadt	مدينة هو تشي منة	Хошимін
Asia/Sakhalin	Sakhalin	Sakhaline	Sachalin	о-в Сахалин	Sajalín	Sachalin	سكالين	Сахалін
Asia/Samarkand	Samarkand	Samarcande	Samarcanda	Самарканд	Samarcanda	Samarkand	سمرقند	Самарканд
Asia/Seoul	Seoul	Séoul	Seul	Сеул	Seúl	Seoul	سول	Сеул
Asia/Shanghai	Shanghai	Shanghai	Shanghai	Шанхай	Shanghái	Shanghai	شنغهاي	Шанхай
Asia/Singapore	Singapore	Singapour	Singapore	Сингапур	Singapur	Singapur	سنغافورة	Сінгапур
Asia/Srednekolymsk	Srednekolymsk	Srednekolymsk	Srednekolymsk	Среднеколымск	Srednekolimsk	Srednekolymsk	سريدنكوليمسك	Середньоколимськ
Asia/Taipei	Taipei	Taipei	Taipei	Тайбэй	Taipéi	Taipeh	تايبيه	Тайбей
Asia/Tashkent	Tashkent	Tachkent	Tashkent	Ташкент	Taskent	Taschkent	طشقند	Ташкент
Asia/Tbilisi	Tbilisi	Tbilissi	Tbilisi	Тбилиси	Tiflis	Tiflis	تبليسي	Тбілісі
Asia/Tehran	Tehran	Téhéran	Teheran	Тегеран	Teherán	Teheran	طهران	Тегеран
Asia/Thimphu	Thimphu	Thimphu	Thimphu	Тхимпху	Timbu	Thimphu	تيمفو	Тхімпху
Asia/Tokyo	Tokyo	Tokyo	Tokyo	Токио	Tokio	Tokio	طوكيو	Токіо
Asia/Tomsk	Tomsk	Tomsk	Tomsk	Томск	Tomsk	Tomsk	تومسك	Томськ
Asia/Ulaanbaatar	Ulaanbaatar	Oulan-Bator	Ulan Bator	Улан-Батор	Ulán Bator	Ulaanbaatar	آلانباتار	Улан-Батор
Asia/Urumqi	Ürümqi	Ürümqi	Ürümqi	Урумчи	Ürümqi	Ürümqi	أرومكي	Урумчі
Asia/Ust-Nera	Ust-Nera	Ust-Nera	Ust’-Nera	Усть-Нера	Ust-Nera	Ust-Nera	أوست نيرا	Усть-Нера
Asia/Vientiane	Vientiane	Vientiane	Vientiane	Вьентьян	Vientián	Vientiane	فيانتيان	Вʼєнтьян
Asia/Vladivostok	Vladivostok	Vladivostok	Vladivostok	Владивосток	Vladivostok	Wladiwostok	فلاديفوستك	Владивосток
Asia/Yakutsk	Yakutsk	Iakoutsk	Jakutsk	Якутск	Yakutsk	Jakutsk	ياكتسك	Якутськ
Asia/Yangon	Yangon	Rangoun	Rangoon	Янгон	Yangón (Rangún)	Rangun	رانغون	Янгон
Asia/Yekaterinburg	Yekaterinburg	Ekaterinbourg	Ekaterinburg	Екатеринбург	Ekaterimburgo	Jekaterinburg	يكاترنبيرج	Єкатеринбург
Asia/Yerevan	Yerevan	Erevan	Yerevan	Ереван	Ereván	Eriwan	يريفان	Єреван
Atlantic/Azores	Azores	Açores	Azzorre	Азорские о-ва	Azores	Azoren	أزورس	Азорські острови
Atlantic/Bermuda	Bermuda	Bermudes	Bermuda	Бермудские о-ва	Bermudas	Bermuda	برمودا	Бермуди
Atlantic/Canary	Canaries	Îles Canaries	Canarie	Канарские о-ва	Canarias	Kanaren	كناري	Канарські острови
Atlantic/Cape_Verde	Cape Verde	Cap-Vert	Capo Verde	Кабо-Верде	Cabo Verde	Cabo Verde	الرأس الأخضر	Кабо-Верде
Atlantic/Faeroe	Faroes	Îles Féroé	Isole Fær Øer	Фарерские о-ва	Islas Feroe	Färöer	فارو	Фарерські острови
Atlantic/Faroe	Faroes	Îles Féroé	Isole Fær Øer	Фарерские о-ва	Islas Feroe	Färöer	فارو	Фарерські острови
Atlantic/Madeira	Madeira	Madère	Madeira	Мадейра	Madeira	Madeira	ماديرا	Мадейра
Atlantic/Reykjavik	Reykjavik	Reykjavik	Reykjavík	Рейкьявик	Reikiavik	Reyk­ja­vík	ريكيافيك	Рейкʼявік
Atlantic/South_Georgia	South Georgia	Géorgie du Sud	Georgia del Sud	Южная Георгия	Georgia del Sur	Südgeorgien	جورجيا الجنوبية	Південна Джорджія
Atlantic/St_Helena	St. Helena	Sainte-Hélène	Sant’Elena	о-в Святой Елены	Santa Elena	St. Helena	سانت هيلينا	Острів Святої Єлени
Atlantic/Stanley	Stanley	Stanley	Stanley	Стэнли	Stanley	Stanley	استانلي	Стенлі
Australia/Adelaide	Adelaide	Adélaïde	Adelaide	Аделаида	Adelaida	Adelaide	أديليد	Аделаїда
Australia/Brisbane	Brisbane	Brisbane	Brisbane	Брисбен	Brisbane	Brisbane	برسيبان	Брісбен
Australia/Broken_Hill	Broken Hill	Broken Hill	Broken Hill	Брокен-Хилл	Broken Hill	Broken Hill	بروكن هيل	Брокен-Хілл
Australia/Darwin	Darwin	Darwin	Darwin	Дарвин	Darwin	Darwin	دارون	Дарвін
Australia/Eucla	Eucla	Eucla	Eucla	Юкла	Eucla	Eucla	أوكلا	Евкла
Australia/Hobart	Hobart	Hobart	Hobart	Хобарт	Hobart	Hobart	هوبارت	Гобарт
Australia/Lindeman	Lindeman	Lindeman	Lindeman	Линдеман	Lindeman	Lindeman	ليندمان	Ліндеман
Australia/Lord_Howe	Lord Howe Island	Lord Howe Island	Lord Howe Island	Лорд-Хау	Lord Howe Island	Lord Howe Island	لورد هاو	Лорд-Хау
Australia/Melbourne	Melbourne	Melbourne	Melbourne	Мельбурн	Melbourne	Melbourne	ميلبورن	Мельбурн
Australia/Perth	Perth	Perth	Perth	Перт	Perth	Perth	برثا	Перт
Australia/Sydney	Sydney	Sydney	Sydney	Сидней	Sídney	Sydney	سيدني	Сідней
Europe/Amsterdam	Amsterdam	Amsterdam	Amsterdam	Амстердам	Ámsterdam	Amsterdam	أمستردام	Амстердам
Europe/Andorra	Andorra	Andorre	Andorra	Андорра	Andorra	Andorra	أندورا	Андорра
Europe/Astrakhan	Astrakhan	Astrakhan	Astrakhan	Астрахань	Astracán	Astrachan	أستراخان	Астрахань
Europe/Athens	Athens	Athènes	Atene	Афины	Atenas	Athen	أثينا	Афіни
Europe/Belgrade	Belgrade	Belgrade	Belgrado	Белград	Belgrado	Belgrad	بلغراد	Белград
Europe/Berlin	Berlin	Berlin	Berlino	Берлин	Berlín	Berlin	برلين	Берлін
Europe/Bratislava	Bratislava	Bratislava	Bratislava	Братислава	Bratislava	Bratislava	براتيسلافا	Братислава
Europe/Brussels	Brussels	Bruxelles	Bruxelles	Брюссель	Bruselas	Brüssel	بروكسل	Брюссель
Europe/Bucharest	Bucharest	Bucarest	Bucarest	Бухарест	Bucarest	Bukarest	بوخارست	Бухарест
Europe/Budapest	Budapest	Budapest	Budapest	Будапешт	Budapest	Budapest	بودابست	Будапешт
Europe/Busingen	Büsingen	Büsingen	Büsingen	Бюзинген-на-Верхнем-Рейне	Büsingen	Büsingen	بوسنغن	Бюзінген
Europe/Chisinau	Chișinău	Chișinău	Chișinău	Кишинев	Chisináu	Chișinău	تشيسيناو	Кишинів
Europe/Copenhagen	Copenhagen	Copenhague	Copenaghen	Копенгаген	Copenhague	Kopenhagen	كوبنهاغن	Копенгаген
Europe/Dublin	Dublin	Dublin	Dublino	Дублин	Dublín	Dublin	دبلن	Дублін
Europe/Gibraltar	Gibraltar	Gibraltar	Gibilterra	Гибралтар	Gibraltar	Gibraltar	جبل طارق	Гібралтар
Europe/Guernsey	Guernsey	Guernesey	Guernsey	Гернси	Guernesey	Guernsey	غيرنزي	Гернсі
Europe/Helsinki	Helsinki	Helsinki	Helsinki	Хельсинки	Helsinki	Helsinki	هلسنكي	Гельсінкі
Europe/Isle_of_Man	Isle of Man	Île de Man	Isola di Man	о-в Мэн	Isla de Man	Isle of Man	جزيرة مان	Острів Мен
Europe/Istanbul	Istanbul	Istanbul	Istanbul	Стамбул	Estambul	Istanbul	إسطنبول	Стамбул
Europe/Jersey	Jersey	Jersey	Jersey	Джерси	Jersey	Jersey	جيرسي	Джерсі
Europe/Kaliningrad	Kaliningrad	Kaliningrad	Kaliningrad	Калининград	Kaliningrado	Kaliningrad	كالينجراد	Калінінград
Europe/Kiev	Kyiv	Kiev	Kiev	Киев	Kiev	Kiew	كييف	Київ
Europe/Kirov	Kirov	Kirov	Kirov	Киров	Kírov	Kirow	كيروف	Кіров
Europe/Kyiv	Kyiv	Kiev	Kiev	Киев	Kiev	Kiew	كييف	Київ
Europe/Lisbon	Lisbon	Lisbonne	Lisbona	Лиссабон	Lisboa	Lissabon	لشبونة	Лісабон
Europe/Ljubljana	Ljubljana	Ljubljana	Lubiana	Любляна	Liubliana	Ljubljana	ليوبليانا	Любляна
Europe/London	London	Londres	Londra	Лондон	Londres	London	لندن	Лондон
Europe/Luxembourg	Luxembourg	Luxembourg	Lussemburgo	Люксембург	Luxemburgo	Luxemburg	لوكسمبورغ	Люксембург
Europe/Madrid	Madrid	Madrid	Madrid	Мадрид	Madrid	Madrid	مدريد	Мадрид
Europe/Malta	Malta	Malte	Malta	Мальта	Malta	Malta	مالطة	Мальта
Europe/Mariehamn	Mariehamn	Mariehamn	Mariehamn	Мариехамн	Mariehamn	Mariehamn	ماريهامن	Марієгамн
Europe/Minsk	Minsk	Minsk	Minsk	Минск	Minsk	Minsk	مينسك	Мінськ
Europe/Monaco	Monaco	Monaco	Monaco	Монако	Mónaco	Monaco	موناكو	Монако
Europe/Moscow	Moscow	Moscou	Mosca	Москва	Moscú	Moskau	موسكو	Москва
Europe/Oslo	Oslo	Oslo	Oslo	Осло	Oslo	Oslo	أوسلو	Осло
Europe/Paris	Paris	Paris	Parigi	Париж	París	Paris	باريس	Париж
Europe/Podgorica	Podgorica	Podgorica	Podgorica	Подгорица	Podgorica	Podgorica	بودغوريكا	Подгориця
Europe/Prague	Prague	Prague	Praga	Прага	Praga	Prag	براغ	Прага
Europe/Riga	Riga	Riga	Riga	Рига	Riga	Riga	ريغا	Рига
Europe/Rome	Rome	Rome	Roma	Рим	Roma	Rom	روما	Рим
Europe/Samara	Samara	Samara	Samara	Самара	Samara	Samara	سمراء	Самара
Europe/San_Marino	San Marino	Saint-Marin	San Marino	Сан-Марино	San Marino	San Marino	سان مارينو	Сан-Марино
Europe/Sarajevo	Sarajevo	Sarajevo	Sarajevo	Сараево	Sarajevo	Sarajevo	سراييفو	Сараєво
Europe/Saratov	Saratov	Saratov	Saratov	Саратов	Sarátov	Saratow	ساراتوف	Саратов
Europe/Simferopol	Simferopol	Simferopol	Sinferopoli	Симферополь	Simferópol	Simferopol	سيمفروبول	Сімферополь
Europe/Skopje	Skopje	Skopje	Skopje	Скопье	Skopie	Skopje	سكوبي	Скопʼє
Europe/Sofia	Sofia	Sofia	Sofia	София	Sofía	Sofia	صوفيا	Софія
Europe/Stockholm	Stockholm	Stockholm	Stoccolma	Стокгольм	Estocolmo	Stockholm	ستوكهولم	Стокгольм
Europe/Tallinn	Tallinn	Tallinn	Tallinn	Таллин	Tallin	Tallinn	تالين	Таллінн
Europe/Tirane	Tirana	Tirana	Tirana	Тирана	Tirana	Tirana	تيرانا	Тирана
Europe/Ulyanovsk	Ulyanovsk	Oulianovsk	Ulyanovsk	Ульяновск	Uliánovsk	Uljanowsk	أوليانوفسك	Ульянівськ
Europe/Vaduz	Vaduz	Vaduz	Vaduz	Вадуц	Vaduz	Vaduz	فادوز	Вадуц
Europe/Vatican	Vatican	Le Vatican	Città del Vaticano	Ватикан	El Vaticano	Vatikan	الفاتيكان	Ватикан
Europe/Vienna	Vienna	Vienne	Vienna	Вена	Viena	Wien	فيينا	Відень
Europe/Vilnius	Vilnius	Vilnius	Vilnius	Вильнюс	Vilna	Vilnius	فيلنيوس	Вільнюс
Europe/Volgograd	Volgograd	Volgograd	Volgograd	Волгоград	Volgogrado	Wolgograd	فولوجراد	Волгоград
Europe/Warsaw	Warsaw	Varsovie	Varsavia	Варшава	Varsovia	Warschau	وارسو	Варшава
Europe/Zagreb	Zagreb	Zagreb	Zagabria	Загреб	Zagreb	Zagreb	زغرب	Загреб
Europe/Zurich	Zurich	Zurich	Zurigo	Цюрих	Zúrich	Zürich	زيورخ	Цюріх
Indian/Antananarivo	Antananarivo	Antananarivo	Antananarivo	Антананариву	Antananarivo	Antananarivo	أنتاناناريفو	Антананаріву
Indian/Chagos	Chagos Archipelago	Chagos Archipelago	Chagos Archipelago	Чагос	Chagos Archipelago	Chagos Archipelago	تشاغوس	Чаґос
Indian/Christmas	Christmas Island	Christmas Island	Christmas Island	о-в Рождества	Navidad	Weihnachtsinsel	كريسماس	Острів Різдва
Indian/Cocos	Cocos Islands	Cocos Islands	Cocos Islands	Кокосовые о-ва	Cocos Islands	Cocos Islands	كوكوس	Кокосові острови
Indian/Comoro	Comoros	Comores	Comore	Коморы	Comoras	Komoren	جزر القمر	Комори
Indian/Kerguelen	Kerguelen Islands	Kerguelen Islands	Kerguelen Islands	Кергелен	Kerguelen Islands	Kerguelen Islands	كيرغويلين	Керґелен
Indian/Mahe	Mahé	Mahé	Mahé	Маэ	Mahé	Mahé	ماهي	Махе
Indian/Maldives	Maldives	Maldives	Maldive	Мальдивы	Maldivas	Malediven	المالديف	Мальдіви
Indian/Mauritius	Mauritius	Maurice	Mauritius	Маврикий	Mauricio	Mauritius	موريشيوس	Маврикій
Indian/Mayotte	Mayotte	Mayotte	Mayotte	Майотта	Mayotte	Mayotte	مايوت	Майотта
Indian/Reunion	Réunion	La Réunion	La Riunione	Реюньон	Reunión	Réunion	ريونيون	Реюньйон
Pacific/Apia	Apia	Apia	Apia	Апиа	Apia	Apia	أبيا	Апіа
Pacific/Auckland	Auckland	Auckland	Auckland	Окленд	Auckland	Auckland	أوكلاند	Окленд
Pacific/Bougainville	Bougainville	Bougainville	Bougainville	Бугенвиль	Bougainville	Bougainville	بوغانفيل	Буґенвіль
Pacific/Chatham	Chatham Islands	Chatham Islands	Chatham Islands	Чатем	Chatham Islands	Chatham Islands	تشاثام	Чатем
Pacific/Chuuk	Chuuk	Chuuk	Chuuk	Трук	Chuuk	Chuuk	ترك	Чуук
Pacific/Easter	Easter Island	Île de Pâques	Pasqua	о-в Пасхи	Isla de Pascua	Osterinsel	استر	Острів Пасхи
Pacific/Efate	Efate	Éfaté	Efate	Эфате	Efate	Efate	إيفات	Ефате
Pacific/Enderbury	Canton Island	Canton	Canton	о-в Кантон	Isla Kanton	Canton	كانتون	Кантон
Pacific/Fakaofo	Fakaofo	Fakaofo	Fakaofo	Факаофо	Fakaofo	Fakaofo	فاكاوفو	Факаофо
Pacific/Fiji	Fiji	Fidji	Figi	Фиджи	Fiyi	Fidschi	فيجي	Фіджі
Pacific/Funafuti	Funafuti	Funafuti	Funafuti	Фунафути	Funafuti	Funafuti	فونافوتي	Фунафуті
Pacific/Galapagos	Galápagos Islands	Galápagos	Galápagos	Галапагосские о-ва	Galápagos	Galápagos	جلاباجوس	Ґалапаґос
Pacific/Gambier	Gambier	Gambier	Gambier	о-ва Гамбье	Gambier	Gambier	جامبير	Гамбʼє
Pacific/Guadalcanal	Guadalcanal	Guadalcanal	Guadalcanal	Гуадалканал	Guadalcanal	Guadalcanal	غوادالكانال	Гуадалканал
Pacific/Guam	Guam	Guam	Guam	Гуам	Guam	Guam	غوام	Гуам
Pacific/Honolulu	Honolulu	Honolulu	Honolulu	Гонолулу	Honolulú	Honolulu	هونولولو	Гонолулу
Pacific/Kiritimati	Kiritimati	Kiritimati	Kiritimati	Киритимати	Kiritimati	Kiritimati	كيريتي ماتي	Кірітіматі
Pacific/Kosrae	Kosrae	Kosrae	Kosrae	Косрае	Kosrae	Kosrae	كوسرا	Косрае
Pacific/Kwajalein	Kwajalein Atoll	Kwajalein Atoll	Kwajalein Atoll	Кваджалейн	Kwajalein Atoll	Kwajalein Atoll	كواجالين	Кваджалейн
Pacific/Majuro	Majuro	Majuro	Majuro	Маджуро	Majuro	Majuro	ماجورو	Маджуро
Pacific/Marquesas	Marquesas Islands	Marquises	Marchesi	Маркизские о-ва	Marquesas Islands	Marquesas Islands	ماركيساس	Маркізькі острови
Pacific/Midway	Midway Atoll	Midway Atoll	Midway Atoll	о-ва Мидуэй	Midway Atoll	Midway Atoll	ميدواي	Мідвей
Pacific/Nauru	Nauru	Nauru	Nauru	Науру	Nauru	Nauru	ناورو	Науру
Pacific/Niue	Niue	Niue	Niue	Ниуэ	Niue	Niue	نيوي	Ніуе
Pacific/Norfolk	Norfolk Island	Norfolk Island	Norfolk Island	Норфолк	Norfolk Island	Norfolk Island	نورفولك	Норфолк
Pacific/Noumea	Nouméa	Nouméa	Nouméa	Нумеа	Numea	Nouméa	نوميا	Нумеа
Pacific/Pago_Pago	Pago Pago	Pago Pago	Pago Pago	Паго-Паго	Pago Pago	Pago Pago	باغو باغو	Паго-Паго
Pacific/Palau	Palau	Palaos	Palau	Палау	Palaos	Palau	بالاو	Палау
Pacific/Pitcairn	Pitcairn Islands	Pitcairn Islands	Pitcairn Islands	Питкэрн	Pitcairn Islands	Pitcairn Islands	بيتكيرن	Піткерн
Pacific/Pohnpei	Pohnpei	Pohnpei	Pohnpei	Понпеи	Pohnpei	Pohnpei	باناب	Понапе
Pacific/Ponape	Pohnpei	Pohnpei	Pohnpei	Понпеи	Pohnpei	Pohnpei	باناب	Понапе
Pacific/Port_Moresby	Port Moresby	Port Moresby	Port Moresby	Порт-Морсби	Port Moresby	Port Moresby	بور مورسبي	Порт-Морсбі
Pacific/Rarotonga	Rarotonga	Rarotonga	Rarotonga	Раротонга	Rarotonga	Rarotonga	راروتونغا	Раротонга
Pacific/Saipan	Saipan	Saipan	Saipan	Сайпан	Saipán	Saipan	سايبان	Сайпан
Pacific/Tahiti	Tahiti	Tahiti	Tahiti	Таити	Tahití	Tahiti	تاهيتي	Таїті
Pacific/Tarawa	Tarawa	Tarawa	Tarawa	Тарава	Tarawa	Tarawa	تاراوا	Тарава
Pacific/Tongatapu	Tongatapu	Tongatapu	Tongatapu	Тонгатапу	Tongatapu	Tongatapu	تونغاتابو	Тонгатапу
Pacific/Truk	Chuuk	Chuuk	Chuuk	Трук	Chuuk	Chuuk	ترك	Чуук
Pacific/Wake	Wake Island	Wake Island	Wake Island	Уэйк	Wake Island	Wake Island	واك	Вейк
Pacific/Wallis	Wallis & Futuna	Wallis & Futuna	Wallis & Futuna	Уоллис	Wallis & Futuna	Wallis & Futuna	واليس	Уолліс
`;
