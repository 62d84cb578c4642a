// Sounds from elsewhere: files that are dropped on the page, or opened.

/** Calls `take` with each file. */
export function takeFiles(take) {
  const input = document.getElementById("file"), sign = document.getElementById("drop");
  input.addEventListener("change", () => { if (input.files[0]) take(input.files[0]); input.value = ""; });
  const isFile = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => { if (isFile(event)) { event.preventDefault(); sign.hidden = false; } });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) sign.hidden = true; });
  document.addEventListener("drop", (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    sign.hidden = true;
    if (event.dataTransfer.files[0]) take(event.dataTransfer.files[0]);
  });
}
