// <input type="file" data-largest="bytes" data-too-large="…">: a file the server would refuse is put back at once, before a
// slow line carries it.

document.querySelectorAll("[data-largest]").forEach((input) => {
  const error = document.createElement("p");
  error.className = "error";
  error.setAttribute("role", "alert");
  input.before(error);
  input.addEventListener("change", () => {
    const isTooLarge = [...input.files].some((file) => file.size > Number(input.dataset.largest));
    error.textContent = isTooLarge ? input.dataset.tooLarge : "";
    if (isTooLarge) input.value = "";
  });
});
