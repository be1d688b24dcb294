// Who is on the pictures: names as people have them, in both languages, with titles of every length.
export const PASSWORD = 'three quiet herons';

/** name, display name, title, category, language, tags, scene */
export const CAST = [
  [
    'lena',
    'Lena Hartmann',
    'Morning above the valley: sketching what the light does',
    'art',
    'en',
    'watercolour, slow',
    'dawn',
  ],
  ['xiaoyu', '小鱼的画室', '雨天画一棵树，顺便聊聊颜色', 'art', 'zh', '水彩, 聊天', 'paint'],
  ['river_radio', 'River Radio', 'Night session, vinyl only', 'music', 'en', 'vinyl, jazz', 'vinyl'],
  [
    'observatory',
    'Northern Observatory',
    'Aurora watch: all-sky camera with commentary every full hour',
    'outdoors',
    'en',
    'aurora, astronomy',
    'aurora',
  ],
  ['kenji', 'kenji 🎮', 'Road to diamond 💎 day 12', 'games', 'en', 'platformer', 'game'],
  [
    'laowang',
    '老王钓鱼',
    '千岛湖夜钓第三晚：今天一定有大鱼，没有就唱歌给大家听',
    'outdoors',
    'zh',
    '钓鱼, 户外',
    'river',
  ],
  ['ada', 'Ada', 'Writing a garbage collector from scratch', 'technology', 'en', 'java, live coding', 'code'],
  ['regatta', 'Eastbank Regatta', 'Finals, women’s double', 'sports', 'en', 'sailing', 'sea'],
  ['mei', '梅子老师', '高二物理：磁场复习课', 'learning', 'zh', '物理, 高中', 'rain'],
  ['bakery', 'The Bakery on 5th', 'Sourdough at 5 a.m. 🍞🔥', 'events', 'en', 'bread', 'bread'],
  ['tomas', 'Tomás', 'Practising Bach, suites 1–3', 'music', 'en', 'cello', 'city'],
  ['nadia', 'Nadia', 'Botany walk', 'outdoors', 'en', 'flowers', 'meadow'],
];

/** Who says what in the chat of the first of the cast. */
export const TALK = [
  ['kenji', 'Good morning! The ridge is glowing already'],
  ['ada', 'Which pencil is that? :love:'],
  ['xiaoyu', '这个紫色太好看了'],
  ['tomas', 'Playing this in the practice room, everyone is watching now'],
  ['lena', '@ada a 4B, and patience 🙂'],
  ['nadia', 'The pines on the left, like in last week’s walk!'],
  ['mei', '早上好，刚下课就来了'],
  ['bakery', 'Bread is in the oven, tea is on'],
  ['regatta', 'Fog on the water here. Perfect light to draw'],
  ['lena', '@xiaoyu 谢谢！试试群青加一点玫瑰红'],
];
