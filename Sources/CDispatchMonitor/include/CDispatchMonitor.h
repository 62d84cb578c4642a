// Has a program sleep while it has nothing to do: to be linked, there is nothing to call.
#pragma once
