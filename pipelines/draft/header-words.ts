/** What the name of a column says of it: Chinese by its characters, Latin by whole words (`oc_year`, `CreationDate`), and common initials. */

/** `CreationDate`, `creation_date` → `creation date`. */
function words(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

const says =
  (chinese: RegExp, latin: RegExp) =>
  (name: string): boolean =>
    chinese.test(name) || latin.test(words(name));
const latin = (list: string): RegExp => new RegExp(`\\b(${list})\\b`);

export const speaksOfTime = says(
  /日期|时间|時間|时刻|年月日|发生日|登记日/,
  latin('date|time|datetime|day|timestamp|created|updated|occurred|reported|closed|at|fssj|bjsj|jasj|slsj|bjrq'),
);
export const saysOccurred = says(
  /发生|發生|案发|事发|出险/,
  latin('occurred|occurrence|occur|incident|happened|oc|fssj|afsj'),
);
export const saysReported = says(
  /受理|登记|登記|报警|報案|接报|接警|来电时|留言|上报|创建|提交|申请|立案/,
  latin('reported|report|requested|request|received|created|creation|opened|open|filed|submitted|registered|bjsj|slsj'),
);
export const saysClosed = says(
  /办结|辦結|结案|結案|完成|关闭|关单|归档/,
  latin('closed|close|completed|completion|resolved|resolution|finished|ended|jasj|bjrq'),
);
export const saysYear = says(/年/, latin('year|yr|yyyy'));

export const saysLng = says(/经度|經度/, latin('lng|lon|long|longitude|jd|x'));
export const saysLat = says(/纬度|緯度/, latin('lat|latitude|wd|y'));

export const saysId = says(
  /编号|編號|单号|單號|流水号|案号|案件号|序列号|工单号/,
  latin('id|number|no|key|code|nr|uuid|guid|jjdbh|ajbh|gdbh'),
);
export const saysRevision = says(/版本|修订/, latin('version|revision|rev|bb'));
export const saysStage = says(/状态|狀態|阶段|階段|进度|环节/, latin('status|stage|state|clzt|blzt|resolution'));
export const saysCategory = says(
  /类别|類別|类型|類型|分类|分類|大类|小类|中类|案由|标签|種類|种类|事项|一级类|二级类|三级类/,
  latin(
    'category|type|kind|class|service|subproject|subcategory|offense|offence|crime|nature|descript|jqlb|ajlb|primary',
  ),
);
export const saysFreeText = says(
  /内容|內容|详情|详细|描述|简介|摘要|主题|標題|标题|正文|备注|說明|说明|意见|案情|经过/,
  latin(
    'description|content|contents|comment|comments|note|notes|summary|text|details|detail|body|tokens|subject|remarks|bjnr|jqnr',
  ),
);
export const saysDivision = says(
  /街道|乡镇|社区|村|网格|辖区|区县|區|县|行政区|派出所|分局/,
  latin('district|ward|area|community|neighborhood|neighbourhood|county|region|village|beat|town|borough|precinct|zip'),
);

/** Why a column is about persons, by its name; null when it does not say so. */
export function personWord(name: string): { readonly zh: string; readonly en: string } | null {
  // `name` alone is a person's; a `service name` is not.
  if (words(name) === 'name') return { zh: '姓名', en: 'personal name' };
  const found = PERSON.find(({ test }) => test(name));
  return found ? { zh: found.zh, en: found.en } : null;
}

const PERSON = [
  {
    zh: '证件号码',
    en: 'ID number',
    test: says(/身份证|身份證|证件|證件|护照|社保号/, latin('ssn|passport|idcard|sfzh|zjhm')),
  },
  {
    zh: '电话',
    en: 'telephone number',
    test: says(
      /电话|電話|手机|手機|联系方式|来电号码|主叫|固话|传真/,
      latin('phone|telephone|tel|mobile|cellphone|fax|lxdh|bjdh'),
    ),
  },
  {
    zh: '地址',
    en: 'address',
    test: says(
      /地址|住址|门牌|門牌|住所|户籍|详细地点/,
      latin('address|apt|apartment|street|addr|location address|dz|block'),
    ),
  },
  { zh: '车牌', en: 'number plate', test: says(/车牌|車牌|号牌/, latin('plate|licence plate|license plate|cphm')) },
  {
    zh: '账号或通信',
    en: 'account or message address',
    test: says(/银行卡|账号|賬號|邮箱|微信号|电子邮件/, latin('email|mail|account|iban|wechat|qq')),
  },
  {
    zh: '姓名或用户',
    en: 'personal name or user',
    test: says(
      /姓名|名字|当事人|當事人|诉求人|投诉人|举报人|报警人|報案人|报案人|联系人|申请人|被申请人|受害人|嫌疑人|负责人|经办人|承办人|处理人|户主|业主|用户|性别|出生/,
      latin(
        'full name|first name|last name|surname|owner|applicant|contact|person|people|victim|suspect|user|username|gender|sex|birthday|dob|officer',
      ),
    ),
  },
] as const;
