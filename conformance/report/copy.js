for (const button of document.querySelectorAll("button.copy")) {
  const commands = button.nextElementSibling;
  button.hidden = false;
  button.onclick = () => {
    getSelection().selectAllChildren(commands);
    button.textContent = document.execCommand("copy") ? "Copied" : "Press Ctrl+C";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  };
}
