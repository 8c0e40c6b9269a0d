"""Problems, solvers and plan versions."""
