// The first whole case: a citizen applies, the desk receives, the ward appraises and asks for a paper,
// a deputy approves under a delegation, the clerk seals, the desk hands over; followed after every step.
import { check } from '../lib/journey.mjs';
import * as step from '../lib/steps.mjs';

/** From the first page to the receipt, with wrong entries on the way. */
async function applies(journey, name) {
  const page = await journey.person();
  await step.open(page, '/');
  await page.fill('main [name=q], .mc-hero [name=q]', 'tinh trang hon nhan');
  await step.press(page, page.locator('.mc-hero form button'));
  await journey.look(page, 'search');
  await step.press(page, page.locator(`main a[href="/thu-tuc/${step.APPRAISAL}"]`).first());
  await journey.look(page, 'procedure');
  await step.press(page, page.locator(`main a[href="/nop/${step.APPRAISAL}"]`).first());
  await journey.look(page, 'desks');
  await step.chooseDesk(page);
  await applicant(journey, page, name);
  await step.fillMarital(page, name);
  await journey.look(page, 'questions');
  await step.press(page, step.next(page));
  await papers(journey, page);
  await page.check('[name=delivery][value=counter]');
  await journey.look(page, 'result');
  await step.press(page, step.next(page));
  await step.says(page, name, 'tờ khai.png');
  await journey.look(page, 'check');
  await step.press(page, step.next(page), 422);
  await page.check('[name=declare]');
  await step.press(page, step.next(page));
  await journey.look(page, 'receipt');
  return step.numbers(page);
}

/** A wrong page comes back with a summary and with what was typed. */
async function applicant(journey, page, name) {
  await page.fill('[name=applicant_phone]', '12');
  await page.fill('[name=applicant_address]', '12 Nguyễn Trung Trực');
  await step.press(page, step.next(page), 422);
  await journey.look(page, 'applicant-wrong');
  const links = page.locator('.mc-errs a');
  check((await links.count()) === 2, 'the summary names the name and the phone');
  await links.first().click();
  const target = await page.evaluate(() => document.activeElement?.id);
  check(target === 'applicant_name', `the first line leads to ${target}`);
  const kept = await page.inputValue('[name=applicant_address]');
  check(kept === '12 Nguyễn Trung Trực', 'what was right is kept');
  check((await page.inputValue('[name=applicant_phone]')) === '12', 'what was wrong is kept too');
  await page.fill('[name=applicant_phone]', '0912 345 486');
  await step.fillApplicant(page, name);
  await step.press(page, step.next(page));
}

/** A file that is none is refused with its reason; a good one stays. */
async function papers(journey, page) {
  await page.setInputFiles('[name=paper_1]', step.broken('ảnh.png'));
  await step.press(page, step.next(page), 422);
  await journey.look(page, 'file-wrong');
  check((await page.locator('.mc-errs a[href="#paper_1"]').count()) > 0, 'the file is named');
  await page.setInputFiles('[name=paper_1]', step.picture('tờ khai.png'));
  await step.press(page, step.next(page));
}

/** The desk finds the case in its worklist, accepts it and forwards it. */
async function receives(journey, desk, name) {
  await step.open(desk, '/noi-lam-viec');
  await journey.look(desk, 'desk-worklist');
  const line = desk.locator('main tr', { hasText: name });
  await step.press(desk, line.locator('a').first());
  await journey.look(desk, 'desk-case');
  const address = new URL(desk.url()).pathname;
  await step.press(desk, step.act(desk, 'accept'));
  await journey.look(desk, 'accept');
  await step.press(desk, step.next(desk));
  const slip = await desk.request.get(`${address}/mau-01.pdf`);
  check((await slip.body()).subarray(0, 4).toString() === '%PDF', 'form 01 is a PDF');
  return address;
}

export async function run(journey) {
  const name = step.someone();
  const numbers = await applies(journey, name);
  const citizen = await journey.person();
  await step.follow(citizen, numbers, 'Dự kiến', 'Chờ tiếp nhận');
  await journey.look(citizen, 'follow-sent');
  const desk = await step.officer(journey, 'vtv-mot-cua');
  const address = await receives(journey, desk, name);
  await step.still(citizen, numbers, 'Hẹn trả kết quả', 'Đã tiếp nhận', 'Vì sao là ngày');
  await journey.look(citizen, 'follow-accepted');
  const slip = await citizen.request.get(`/theo-doi/${numbers.tracking}/giay-hen.pdf`);
  check((await slip.body()).subarray(0, 4).toString() === '%PDF', 'the citizen has the slip too');
  await step.perform(desk, address, 'forward');
  await step.still(citizen, numbers, 'Đang xử lý', 'Phân công xử lý');

  const head = await step.officer(journey, 'vtv-truong-phong');
  await journey.look(head, 'head-worklist');
  await step.open(head, address);
  await journey.look(head, 'head-case');
  const names = async (page) => {
    const value = await page.locator('[name=officer] option', { hasText: 'Danh Hoàng Phúc' }).getAttribute('value');
    await page.selectOption('[name=officer]', value);
    await journey.look(page, 'assign');
  };
  await step.perform(head, address, 'complete', names, 'done');
  await step.still(citizen, numbers, 'Đang xử lý', 'Thẩm định hồ sơ');

  const expert = await step.officer(journey, 'vtv-chuyen-vien');
  await supplement(journey, { expert, desk, citizen }, address, numbers, name);
  await step.perform(expert, address, 'complete', (page) => page.fill('[name=note]', 'Đủ điều kiện'), 'done');
  await step.still(citizen, numbers, 'Đang xử lý', 'Xem xét, trình ký');
  const back = async (page) => {
    await page.check('[name=to][value=appraise]');
    await page.fill('[name=reason]', 'Nêu rõ căn cứ ở mục 2');
    await page.fill('[name=ground]', 'Quy chế làm việc, Điều 9');
    await journey.look(page, 'return');
  };
  await step.perform(head, address, 'return', back);
  await step.still(citizen, numbers, 'Đang xử lý', 'Thẩm định hồ sơ');
  await step.perform(expert, address, 'complete', (page) => page.fill('[name=note]', 'Đủ điều kiện'), 'done');
  await step.perform(head, address, 'complete', async () => {}, 'approve');
  await step.still(citizen, numbers, 'Đang xử lý', 'Phê duyệt kết quả');

  const deputy = await step.officer(journey, 'vtv-pho-chu-tich');
  await approves(journey, deputy, name);
  await step.still(citizen, numbers, 'Đang xử lý', 'Vào sổ, đóng dấu');
  const clerk = await step.officer(journey, 'vtv-van-thu');
  await journey.look(clerk, 'clerk-worklist');
  await step.perform(clerk, address, 'complete', (page) => page.fill('[name=number]', '41/XN-UBND'), 'done');
  await step.still(citizen, numbers, 'Chờ trả kết quả', 'Đã có kết quả');
  await journey.look(citizen, 'follow-ready');

  await step.open(desk, '/noi-lam-viec/tra-ket-qua');
  await step.says(desk, name);
  await journey.look(desk, 'handover');
  const takes = async (page) => {
    await page.fill('[name=taken_by]', name);
    await page.fill('[name=taken_paper]', '091192003418');
    await journey.look(page, 'deliver');
  };
  await step.perform(desk, address, 'deliver', takes);
  await step.open(desk, address);
  await step.says(desk, '41/XN-UBND', 'Đủ điều kiện');
  await journey.look(desk, 'case-returned');
  const later = await journey.person();
  await step.follow(later, numbers, 'Đã trả kết quả');
  await journey.look(later, 'follow-returned');
}

/** The case officer asks for a paper, the citizen gives it, the desk accepts it. */
async function supplement(journey, { expert, desk, citizen }, address, numbers, name) {
  await step.open(expert, '/noi-lam-viec');
  await step.says(expert, name);
  await journey.look(expert, 'expert-worklist');
  const asks = async (page) => {
    await page.check('[name=papers][value="2"]');
    await page.fill('[name=reason]', 'Cần bản chụp rõ hơn');
    await journey.look(page, 'ask-supplement');
  };
  await step.perform(expert, address, 'ask-supplement', asks);
  await step.still(citizen, numbers, 'Chờ bổ sung', 'Cần bản chụp rõ hơn');
  await journey.look(citizen, 'follow-supplement');
  await step.press(citizen, citizen.locator('main a.mc-btn[href$="/bo-sung"]'));
  await citizen.setInputFiles('[name=paper_2]', step.picture('giấy tờ.png'));
  await journey.look(citizen, 'answer');
  await step.press(citizen, step.next(citizen));
  await step.still(citizen, numbers, 'Đã bổ sung');
  await journey.look(citizen, 'follow-answered');
  await step.perform(desk, address, 'accept-supplement');
  await step.still(citizen, numbers, 'Đang xử lý', 'Thẩm định hồ sơ');
}

/** The deputy finds the case in the queue of the leader, sees the delegation and approves. */
async function approves(journey, deputy, name) {
  await step.open(deputy, '/noi-lam-viec/duyet');
  const line = deputy.locator('.mc-queue li', { hasText: name }).first();
  await step.press(deputy, line.locator('a'));
  await step.says(deputy, 'Đủ điều kiện');
  await journey.look(deputy, 'approve-queue');
  await step.press(deputy, deputy.locator('main .mc-acts a.mc-btn').first());
  await journey.look(deputy, 'approve');
  await step.press(deputy, deputy.locator('main form .mc-acts button[value=approve]'));
}
