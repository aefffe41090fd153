"""Office papers (quiz.core.paperwork): their words from the figures of a contest, and the files they become."""
