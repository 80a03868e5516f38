"""What a parser may do at its worst, as functions that the worker process can import."""

import os
from typing import NoReturn


def shout(words: str, louder: str = "!") -> str:
    return words.upper() + louder


def spell(words: str, letters: dict[str, str]) -> str:
    return "".join(letters.get(letter, letter) for letter in words)


def refuse(words: str) -> NoReturn:
    raise ValueError(words)


class OddError(Exception):
    """Cannot be pickled: it wants two arguments and keeps one."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one)


def refuse_oddly(words: str) -> NoReturn:
    raise OddError(words, words)


def eat() -> int:
    eaten = []
    while True:
        eaten.append(bytes(64 * 1024 * 1024))


def spin() -> NoReturn:
    while True:
        pass


def crash() -> NoReturn:
    os.abort()


def leave() -> NoReturn:
    os._exit(3)


def process() -> int:
    return os.getpid()
