/// The page's style sheet. Its digest is in the page's policy, so it has no value in it. No line begins with two colons: a
/// CI runner could take that for a command.
enum PageStyle {
    static let sheet: HTMLText = """
        :root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--text:#16181d;--quiet:#565c68;--line:#dfe2e8;
        --track:#eceef2;--good:#17693f;--good-back:#e3f4ea;--bad:#b3202a;--bad-back:#fdeaea;--warn:#7a4d00;
        --warn-back:#fdf1d8;--plain-back:#eceef2;--migrate:#7c4dd6;--update:#2467d1;--register:#6d7687;--other:#2b8a8a;
        --whole:#3f4a5f;--shade:0 1px 2px rgb(20 24 32/.06),0 4px 16px rgb(20 24 32/.05)}
        @media (prefers-color-scheme:dark){:root{--page:#0e1116;--card:#171b22;--text:#e7eaf0;--quiet:#a0a8b6;
        --line:#2b313c;--track:#242a34;--good:#6fd6a0;--good-back:#14301f;--bad:#ff9a97;--bad-back:#3a1b1d;
        --warn:#f3c15f;--warn-back:#352a12;--plain-back:#262c37;--migrate:#ab8bf5;--update:#6ea2f7;--register:#8f99ab;
        --other:#53bcbc;--whole:#93a0b8;--shade:none}}
        *{box-sizing:border-box}
        body{margin:0 auto;padding:1.25rem 1rem 3rem;max-width:64rem;background:var(--page);color:var(--text);
        font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere;
        -webkit-text-size-adjust:100%}
        h1,h2,h3,h4,p,dl,dd,ol,ul,figure{margin:0;padding:0}
        h1{font-size:1.75rem;line-height:1.2;letter-spacing:-.02em}
        h2{font-size:1.375rem;line-height:1.25;letter-spacing:-.01em}
        h3{font-size:1rem;margin-top:2rem}
        h4{font-size:.9375rem;display:inline}
        .top{margin:0 0 1.5rem}
        .brand{font-size:.8125rem;font-weight:600;letter-spacing:.06em;text-transform:uppercase;color:var(--quiet)}
        .quiet{color:var(--quiet);font-size:.875rem}
        time{white-space:nowrap;font-variant-numeric:tabular-nums}
        .skip{position:absolute;left:-100rem}
        .skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.5rem 1rem;border-radius:.5rem}
        a{color:inherit}
        a:focus-visible,summary:focus-visible,pre:focus-visible{outline:3px solid var(--update);outline-offset:2px;
        border-radius:.5rem}
        .chips{list-style:none;display:flex;flex-wrap:wrap;gap:.5rem;margin-top:1rem}
        .chips a{display:flex;align-items:center;gap:.625rem;min-height:2.75rem;padding:.25rem .875rem;
        background:var(--card);border:1px solid var(--line);border-radius:.75rem;text-decoration:none;font-weight:600}
        .chips a:hover{border-color:var(--quiet)}
        .environment{background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:1.5rem;
        margin-bottom:1.5rem;box-shadow:var(--shade)}
        .environment>header{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem .75rem;margin-bottom:.25rem}
        .badge{display:inline-flex;align-items:center;gap:.375rem;padding:.0625rem .625rem;border-radius:1rem;
        font-size:.8125rem;font-weight:600;white-space:nowrap}
        .good{color:var(--good);background:var(--good-back)}
        .bad{color:var(--bad);background:var(--bad-back)}
        .warn{color:var(--warn);background:var(--warn-back)}
        .plain{color:var(--text);background:var(--plain-back)}
        .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.75rem;margin-top:1.25rem}
        .facts>div{border:1px solid var(--line);border-radius:.75rem;padding:.75rem 1rem}
        dt{font-size:.8125rem;color:var(--quiet)}
        .value{font-weight:600;font-size:1.0625rem;line-height:1.35}
        table{width:100%;border-collapse:collapse;margin-top:.5rem;font-size:.9375rem}
        th,td{text-align:left;vertical-align:top;padding:.5rem .75rem .5rem 0;border-top:1px solid var(--line)}
        thead th{border-top:0;font-size:.8125rem;color:var(--quiet);font-weight:600}
        tbody th{font-weight:600;min-width:12rem}
        td:nth-child(2){min-width:7rem}
        .failure{margin-top:1.5rem;padding:1rem 1.25rem;border-radius:.75rem;border:1px solid var(--line);
        border-left:.25rem solid var(--bad)}
        .failure.over{border-left-color:var(--quiet)}
        .failure h3{margin:0 0 .375rem}
        .failure p+p{margin-top:.5rem}
        code,pre{font:.8125rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
        .code{padding:.125rem .5rem;border-radius:.375rem;background:var(--bad-back);color:var(--bad);font-weight:600}
        .over .code{background:var(--plain-back);color:var(--text)}
        pre{margin:.75rem 0 0;padding:.75rem 1rem;background:var(--page);border-radius:.5rem;overflow-x:auto;
        white-space:pre-wrap}
        .next{margin-top:.75rem}
        .failure>code{display:block;margin-top:.5rem;padding:.5rem .75rem;background:var(--page);border-radius:.5rem}
        .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(16rem,1fr));gap:.75rem;margin-top:.75rem}
        figure{border:1px solid var(--line);border-radius:.75rem;padding:.75rem 1rem}
        figcaption{margin-bottom:.75rem;line-height:1.35}
        figcaption strong,figcaption span{display:block}
        svg{display:block;overflow:visible}
        .axis{display:flex;justify-content:space-between;gap:.5rem;margin-top:.25rem;color:var(--quiet);
        font-size:.75rem;font-variant-numeric:tabular-nums}
        .base{stroke:var(--line)}
        .track{fill:var(--track)}
        .migrate{fill:var(--migrate)}
        .update,.create{fill:var(--update)}
        .register{fill:var(--register)}
        .other,.run{fill:var(--other)}
        .whole{fill:var(--whole)}
        .failed{fill:var(--bad-back);stroke:var(--bad);stroke-width:1.5;stroke-dasharray:4 2}
        .open{fill:var(--warn-back);stroke:var(--warn);stroke-width:1.5;stroke-dasharray:2 2}
        .legend{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:.25rem 0 .5rem}
        .legend li{display:flex;align-items:center;gap:.375rem}
        .note .good{background:none;padding:0;margin-right:.25rem}
        details{border-top:1px solid var(--line)}
        ul+details{border-top:0}
        summary{cursor:pointer;display:grid;grid-template-columns:auto auto 1fr;align-items:center;gap:.375rem .75rem;
        padding:.75rem 1.5rem .75rem 0;position:relative;min-height:2.75rem;list-style:none}
        summary::-webkit-details-marker{display:none}
        summary::after{content:"";position:absolute;right:.375rem;top:1.125rem;width:.5rem;height:.5rem;
        border:solid var(--quiet);border-width:0 2px 2px 0;transform:rotate(45deg)}
        [open]>summary::after{transform:rotate(225deg);top:1.375rem}
        summary .quiet{justify-self:end;text-align:right}
        .strip{grid-column:1/-1}
        details>p{margin-bottom:.5rem}
        .steps{list-style:none;margin-top:.75rem}
        .steps li{display:grid;grid-template-columns:minmax(9rem,18rem) 1fr 4.5rem;gap:.25rem 1rem;align-items:center;
        padding:.375rem 0;font-size:.9375rem}
        .what{grid-area:1/1}
        .bar{grid-area:1/2}
        .took{grid-area:1/3;text-align:right;font-variant-numeric:tabular-nums}
        .note{grid-area:2/2/auto/4;font-size:.875rem;color:var(--quiet)}
        .steps+.axis{margin:0 5.5rem .75rem 19rem}
        footer{color:var(--quiet);font-size:.8125rem}
        @media (max-width:40rem){
        body{padding:1rem .75rem 2rem}
        .environment{padding:1.125rem 1rem;border-radius:.875rem}
        h1{font-size:1.5rem}
        .facts{grid-template-columns:minmax(0,1fr);gap:.5rem}
        .facts>div{display:grid;grid-template-columns:6.25rem minmax(0,1fr);gap:0 .5rem;align-items:baseline;
        padding:.625rem .75rem}
        .facts .quiet{grid-column:2}
        thead{position:absolute;clip-path:inset(50%);height:1px;width:1px;overflow:hidden;white-space:nowrap}
        tr{display:block;border-top:1px solid var(--line);padding:.625rem 0}
        th,td{border:0;padding:.125rem 0}
        tbody th,td,td:nth-child(2){display:block;min-width:0}
        td::before{content:attr(data-column)"  ";color:var(--quiet);font-size:.8125rem}
        summary{grid-template-columns:1fr auto}
        summary .quiet{grid-column:1/-1;justify-self:start;text-align:left}
        .steps li{grid-template-columns:1fr auto}
        .what{grid-area:1/1}
        .took{grid-area:1/2}
        .bar{grid-area:2/1/auto/3}
        .note{grid-area:3/1/auto/3}
        .steps+.axis{margin:0 0 .75rem}
        }
        @media print{body{background:none}.environment{box-shadow:none;break-inside:avoid-page}}

        """
}
