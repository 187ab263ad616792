import type { Random } from '../random.ts';

/** Words that the tickets of one outbreak share, by category group; no place or person is named. */
const THEMES: Readonly<Record<string, readonly string[]>> = {
  traffic: ['新开通的公交专用道设置不合理，车辆绕行拥堵', '商场临时停车场关闭后车辆挤占道路'],
  noise: ['新开夜市的低音炮整夜作响', '桩基施工连续三晚未停'],
  sanitation: ['垃圾中转站停运后垃圾堆满路口', '餐厨废水倒入雨水井发臭'],
  facilities: ['老旧供水主管爆裂后反复停水', '新铺路面塌陷并连续出现坑洞'],
  housing: ['交付的精装房集中漏水起皮', '物业公司撤场后无人管理'],
  market: ['连锁健身房突然闭店，预付卡无法退款', '网红烘焙店多人食用后不适'],
  labour: ['同一总包项目停工后集体欠薪', '工厂搬迁未付补偿'],
  animals: ['成群流浪犬追咬行人'],
  land: ['同一地块拆迁补偿款迟迟未到'],
  other: ['新政策补贴申领系统无法登录'],
  'property-crime': ['电动车电瓶被同样手法盗走', '冒充快递理赔的诈骗电话'],
  order: ['同一酒吧街散场后聚众斗殴', '醉酒人员拦车滋事'],
  neighbourly: ['同一栋楼管道改造引发邻里争执', '合用通道充电桩引发争吵'],
  contract: ['同一租赁平台停止付租', '同一培训机构拒绝退费'],
};

/** A theme in half of the cases, null in the other half; always two draws. */
export function drawTheme(ours: string, draw: Random): string | null {
  const themed = draw.uniform() < 0.5;
  const words = THEMES[ours.split('.')[0]!] ?? ['同一事项多人集中反映']; // a group without words of its own
  const theme = draw.pick(words);
  return themed ? theme : null;
}
