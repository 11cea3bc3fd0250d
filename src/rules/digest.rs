//! Who is told what in a window: the plan of a digest, person by person.
