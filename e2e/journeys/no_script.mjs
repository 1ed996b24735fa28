// The main path with scripts off: filing, following, accepting.
import * as step from '../lib/steps.mjs';

export async function run(journey) {
  const citizen = await journey.person({ script: false });
  await step.open(citizen, '/');
  await citizen.fill('.mc-hero [name=q]', 'hon nhan');
  await step.press(citizen, citizen.locator('.mc-hero form button'));
  await step.says(citizen, 'Cấp Giấy xác nhận tình trạng hôn nhân');
  const name = step.someone();
  const numbers = await step.file(citizen, name);
  await journey.look(citizen, 'receipt');
  const desk = await step.officer(journey, 'vtv-mot-cua', { script: false });
  const address = await step.caseOf(desk, name, numbers.tracking);
  await step.perform(desk, address, 'accept');
  await journey.look(desk, 'case');
  await step.follow(citizen, numbers, 'Đã tiếp nhận', 'Vì sao là ngày');
  await journey.look(citizen, 'follow');
}
