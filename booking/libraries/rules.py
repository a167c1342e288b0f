"""What can be said of a library without asking the database: languages and municipalities."""

from enum import StrEnum


class Language(StrEnum):
    """The languages in which the house speaks: bokmål, nynorsk and English."""

    NB = "nb"
    NN = "nn"
    EN = "en"
