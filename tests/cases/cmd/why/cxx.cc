#include <sstream>
int main() { std::ostringstream s; s << 1; return s.str().size() != 1; }
