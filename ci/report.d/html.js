// Filters the rows, and opens the evidence that a link leads to where the browser does not.
"use strict";
const search = document.getElementById("search");
search.hidden = false;
search.addEventListener("input", event => {
	const wanted = event.target.value.toLowerCase();
	for (const area of document.querySelectorAll(".matrix tbody")) {
		let shown = 0;
		for (const row of area.querySelectorAll("tr[id]")) {
			row.hidden = !row.querySelector("th").textContent.toLowerCase().includes(wanted);
			shown += !row.hidden;
		}
		const head = area.querySelector(".area");
		if (head) head.hidden = !shown;
	}
});
search.closest("form").addEventListener("submit", event => event.preventDefault());
function open_target() {
	const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
	const fold = target && target.closest("details");
	if (!fold || fold.open) return;
	fold.open = true;
	target.scrollIntoView();
}
addEventListener("hashchange", open_target);
open_target();
