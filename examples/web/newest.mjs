// Of things that are asked for one after another, and take their time, only the newest counts.

// Returns a function to call where something new is asked for; what that returns tells whether it is still the newest.
export function newest() {
  let asked = 0;
  return () => {
    asked += 1;
    const own = asked;
    return () => own === asked;
  };
}
