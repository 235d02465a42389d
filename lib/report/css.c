/* How reports look: rules below .cib-report, for a page of their own and for a part of another. */
#include "report/private.h"

static const char rules[] =
	".cib-report{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;--line:#d0d7de;--band:#f6f8fa;--flag:#9a4a00;--flagbg:#fff4e5;--s0:#0b4f79;--s1:#3f8fbf;--s2:#a9cbe0;--s3:#e0c48a;--s4:#b9b9b9;--s5:#7a5195;--land:#e3e7eb;--sea:#fff}\n"
	"@media (prefers-color-scheme:dark){.cib-report{--ink:#e6edf3;--soft:#9aa5b1;--paper:#12161b;--line:#3a424c;--band:#1a2027;--flag:#ffb454;--flagbg:#2e2412;--s0:#7cc4f2;--s1:#3f86b3;--s2:#2b5571;--s3:#8a7441;--s4:#5c6670;--s5:#b794d6;--land:#2a323b;--sea:#12161b}}\n"
	".cib-report *{box-sizing:border-box}\n"
	".cib-report{font:16px/1.5 system-ui,-apple-system,'Segoe UI','Noto Sans','Noto Sans Arabic',sans-serif;margin:0 auto;max-width:72rem;padding:1.5rem 1rem 4rem;color:var(--ink);background:var(--paper);overflow-wrap:break-word}\n"
	".cib-report h1{font-size:1.7rem;line-height:1.2;margin:.2rem 0 .4rem}\n"
	".cib-report h2{font-size:1.3rem;margin:2.6rem 0 .4rem;padding-top:.6rem;border-top:2px solid var(--line)}.cib-report h3,.cib-report section h2{font-size:1.05rem;margin:1.8rem 0 .5rem;padding:0;border:0}\n"
	".cib-report .sub,.cib-report h4{font-size:1rem;margin:1.4rem 0 .2rem;padding:0;border:0}.cib-report p{margin:.4rem 0;max-width:48rem}.cib-report .over,.cib-report .asof,.cib-report .note{color:var(--soft)}\n"
	".cib-report .over{margin:0;font-weight:600}.cib-report .asof,.cib-report .note{font-size:.9rem}.cib-report .asof code{font-size:.95em}\n"
	".cib-report .alert{border-inline-start:4px solid var(--flag);background:var(--flagbg);padding:.4rem .8rem}\n"
	".cib-report nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;margin:.8rem 0 0;padding:0}\n"
	".cib-report nav a{display:inline-block;padding:.2rem 0;min-height:24px}.cib-report a{color:var(--s0)}\n"
	".cib-report a:focus-visible,.cib-report .wrap:focus-visible{outline:3px solid var(--s1);outline-offset:2px}.cib-report .wrap{overflow-x:auto;margin:.3rem 0 1rem}\n"
	".cib-report table{border-collapse:collapse;width:100%;font-size:.93rem}\n"
	".cib-report th,.cib-report td{text-align:start;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line)}\n"
	".cib-report thead th{border-bottom:2px solid var(--line);font-size:.85rem;color:var(--soft);vertical-align:bottom}.cib-report tbody th{font-weight:500}\n"
	".cib-report td,.cib-report th{min-width:3.6rem}.cib-report td.none{color:var(--soft)}.cib-report .w{min-width:5.6rem;max-width:26rem}.cib-report .narrow{max-width:44rem}\n"
	".cib-report .n{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap;min-width:0}.cib-report thead .n{white-space:normal}\n"
	".cib-report tr.total th,.cib-report tr.total td{font-weight:700;background:var(--band)}\n"
	".cib-report tr.flagged th:first-child{box-shadow:inset 4px 0 0 var(--flag);padding-inline-start:.8rem}.cib-report .flag{color:var(--flag)}\n"
	".cib-report td ul{margin:0;padding:0;list-style:none}.cib-report td li{text-align:left}.cib-report td li+li{margin-top:.15rem}.cib-report abbr{text-decoration:none}.cib-report figure{margin:.4rem 0 1rem}\n"
	".cib-report figcaption{color:var(--soft);font-size:.9rem;margin-bottom:.3rem}.cib-report svg{display:block;max-width:100%}\n"
	".cib-report svg text{fill:var(--ink);font-family:inherit;unicode-bidi:plaintext}.cib-report svg .soft{fill:var(--soft)}.cib-report figure svg svg{display:inline;max-width:none}.cib-report .s0{fill:var(--s0)}\n"
	".cib-report .s1{fill:var(--s1)}.cib-report .s2{fill:var(--s2)}.cib-report .s3{fill:var(--s3)}.cib-report .s4{fill:var(--s4)}.cib-report .s5{fill:var(--s5)}\n"
	".cib-report .s0,.cib-report .s1,.cib-report .s2,.cib-report .s3,.cib-report .s4,.cib-report .s5{stroke:var(--paper);stroke-width:1}\n"
	".cib-report .track{stroke:var(--line);stroke-width:2}.cib-report .hollow{fill:var(--paper);stroke:var(--s1);stroke-width:2.5}.cib-report .land{fill:var(--land)}\n"
	".cib-report .grid{fill:none;stroke:var(--line);stroke-width:.5}.cib-report .home{fill:none;stroke:var(--flag);stroke-width:2.5}.cib-report .at{fill:var(--paper)}\n"
	".cib-report .bars{max-width:44rem}.cib-report .legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;margin:.2rem 0;padding:0;font-size:.88rem}\n"
	".cib-report .legend svg{display:inline-block;vertical-align:-2px;margin-inline-end:.35rem}.cib-report .d{white-space:nowrap}\n"
	"@media (max-width:40rem){.cib-report{padding:1rem .8rem 3rem}.cib-report h1{font-size:1.4rem}.cib-report th,.cib-report td{padding:.35rem .45rem}.cib-report .w{min-width:7.5rem}.cib-report .cards,.cib-report .cards tbody,.cib-report .cards tr,.cib-report .cards th,.cib-report .cards td{display:block;width:auto;max-width:none;min-width:0}.cib-report .cards thead{display:none}.cib-report .cards tr{border-bottom:1px solid var(--line);padding:.5rem 0}.cib-report .cards th,.cib-report .cards td{border:0;padding:.1rem .45rem;text-align:start}.cib-report .cards td::before{content:attr(data-label);display:block;font-size:.8rem;color:var(--soft)}.cib-report .cards th{font-weight:700}.cib-report .cards .n,.cib-report .cards .d{display:inline-block;margin-inline-end:1rem}.cib-report .cards td.none{display:none}.cib-report .cards tr.flagged{box-shadow:inset 4px 0 0 var(--flag)}.cib-report .cards tr.flagged th:first-child{box-shadow:none}}\n"
	"@media print{.cib-report{max-width:none;padding:0;font-size:10pt}.cib-report nav{display:none}.cib-report .wrap{overflow:visible}.cib-report figure,.cib-report tr{break-inside:avoid}.cib-report h2,.cib-report h3,.cib-report h4{break-after:avoid}.cib-report thead{display:table-header-group}}\n";

const char *cib_report_css(void)
{
	return rules;
}
