// Pictures of a page to look at: three widths, light and dark. Only with SHOTS=FOLDER.

/** @param {any} page @param {string} name @param {number} [widths] how many of them: the widest first */
export async function shots(page, name, widths = 3) {
	if (!process.env.SHOTS)
		return;
	for (const width of [1280, 768, 320].slice(0, widths))
		for (const colorScheme of ['light', 'dark']) {
			await page.emulateMedia({colorScheme});
			await page.setViewportSize({width, height: 800});
			await page.screenshot({path: `${process.env.SHOTS}/${name}-${width}-${colorScheme}.png`, fullPage: true});
		}
	await page.emulateMedia({colorScheme: 'light'});
	await page.setViewportSize({width: 1280, height: 800});
}
